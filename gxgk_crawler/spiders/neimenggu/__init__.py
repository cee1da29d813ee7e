"""内蒙古自治区 Inner Mongolia."""
