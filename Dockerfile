# The crawler and its command line. Data (archive, and Postgres when none is given) lies in the volume /data.
FROM python:3.13-slim

# The embedded Postgres refuses to run as root, and a crawler needs no rights.
RUN useradd --create-home --uid 10001 gxgk && mkdir /data && chown gxgk:gxgk /data

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --no-deps -r requirements.lock

COPY pyproject.toml README.md LICENSE NOTICE scrapy.cfg ./
COPY gxgk_crawler gxgk_crawler
COPY migrations migrations
RUN pip install --no-cache-dir --no-deps .

USER gxgk
ENV GXGK_HOME=/data \
    PYTHONUNBUFFERED=1
VOLUME /data
CMD ["gxgk", "--help"]
