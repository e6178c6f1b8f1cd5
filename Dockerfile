# Two images from one file:
#   docker build --target web    -t touchstone-web .       serves, projects, watches: no training library
#   docker build --target worker -t touchstone-worker .    trains, imports, mails
# Both run as an ordinary user on a read-only root; state lies in /var/lib/touchstone.
FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PATH=/opt/venv/bin:$PATH PYTHONPATH=/app:/app/platform NUMBA_CACHE_DIR=/tmp/numba
RUN groupadd --system --gid 10001 touchstone \
    && useradd --system --uid 10001 --gid touchstone --home-dir /var/lib/touchstone --create-home touchstone
WORKDIR /app

FROM base AS packages-web
RUN python -m venv /opt/venv && pip install uv==0.13.8
COPY pyproject.toml requirements.lock README.md ./
COPY attribution attribution
COPY fraud fraud
COPY regulator regulator
COPY platform platform
COPY tenants tenants
RUN uv pip install --python /opt/venv/bin/python -c requirements.lock ".[web]"

FROM packages-web AS packages-worker
# The CPU build: the plain one brings gigabytes of CUDA.
RUN uv pip install --python /opt/venv/bin/python --index-url https://download.pytorch.org/whl/cpu torch==2.13.0 \
    && uv pip install --python /opt/venv/bin/python -c requirements.lock ".[web,worker,deep]"

FROM base AS web
COPY --from=packages-web /opt/venv /opt/venv
COPY --chown=root:root . .
ENV TOUCHSTONE_PRODUCTION=true TOUCHSTONE_STATE=/var/lib/touchstone \
    PROMETHEUS_MULTIPROC_DIR=/tmp/metrics
USER touchstone
VOLUME /var/lib/touchstone
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "--interface", "asginl", "--workers", "2", "--workers-kill-timeout", "30s", "--host", "0.0.0.0", "--port", "8000", "--log-level", "warning", "--log-config", "platform/runtime/server_lines.json", "config.asgi:application"]

FROM web AS worker
USER root
# Letters of the papers that are written here, Greek and Cyrillic ones too.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
COPY --from=packages-worker /opt/venv /opt/venv
USER touchstone
HEALTHCHECK NONE
CMD ["celery", "-A", "config", "worker", "--loglevel", "warning", "--queues", "ingest,project,report,train"]
