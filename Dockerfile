# gxgk and its crawler. Data (the archive, and Postgres when none is given) lies in the volume /data.
FROM python:3.13-slim

# A crawler needs no rights, and the embedded Postgres refuses to run as root.
RUN useradd --create-home --uid 10001 gxgk && mkdir /data && chown gxgk:gxgk /data

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --no-deps -r requirements.lock

COPY pyproject.toml README.md LICENSE NOTICE scrapy.cfg ./
COPY gxgk_crawler gxgk_crawler
COPY migrations migrations
RUN pip install --no-cache-dir --no-deps . && rm -rf build

USER gxgk
WORKDIR /data
ENV GXGK_HOME=/data \
    SCRAPY_SETTINGS_MODULE=gxgk_crawler.settings \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
VOLUME /data
# No HEALTHCHECK: most containers run one command and end. docker-compose.yml has one for the workers.
ENTRYPOINT ["gxgk"]
CMD ["--help"]
