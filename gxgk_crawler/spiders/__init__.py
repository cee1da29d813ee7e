"""The spiders: one small file per portal, below the pinyin name of its province."""
