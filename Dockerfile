# gxgk and its crawler. Data (the archive, and Postgres when none is given) lies in the volume /data.
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build
WORKDIR /app
COPY requirements-build.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY gxgk_crawler gxgk_crawler
COPY migrations migrations
RUN python -m hatchling build -t wheel -d /wheels

FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

# A crawler needs no rights, and the embedded Postgres refuses to run as root.
RUN useradd --create-home --uid 10001 gxgk && mkdir /data && chown gxgk:gxgk /data

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock

COPY scrapy.cfg ./
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-deps /wheels/*.whl

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
