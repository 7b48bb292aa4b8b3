FROM python:3.13.9-slim-trixie AS build
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements-build.lock \
    && python -m venv --without-pip /opt/wirewatch \
    && /opt/build/bin/pip --python /opt/wirewatch/bin/python install --no-cache-dir \
        --require-hashes --only-binary :all: -r requirements.lock
COPY . .
RUN /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /opt/build/wheels . \
    && /opt/build/bin/pip --python /opt/wirewatch/bin/python install --no-cache-dir --no-deps --no-index \
        /opt/build/wheels/*.whl \
    && /opt/wirewatch/bin/python -m compileall -q /opt/wirewatch/lib

FROM python:3.13.9-slim-trixie
RUN useradd --uid 10001 --create-home --home-dir /var/lib/wirewatch wirewatch
COPY --from=build /opt/wirewatch /opt/wirewatch
ENV PATH=/opt/wirewatch/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    WIREWATCH_WATCHLIST=/etc/wirewatch/watchlist.yaml
WORKDIR /var/lib/wirewatch
USER 10001
# Without DATABASE_URL the database is a file here.
VOLUME /var/lib/wirewatch
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --retries=3 CMD ["python", "-m", "worker.health", "tick"]
CMD ["wirewatch", "run"]
