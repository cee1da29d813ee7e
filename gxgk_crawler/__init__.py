"""gxgk_crawler: crawl, archive, read and query 政府信息公开工作年度报告 of Chinese governments."""

__version__ = "0.1.0"
