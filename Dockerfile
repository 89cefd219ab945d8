# docker build -t flasklint . && docker run --rm --network none -v "$PWD:/src:ro" flasklint
FROM python:3.13-slim AS build
WORKDIR /build
COPY . .
RUN python -m venv /opt/flasklint \
    && /opt/flasklint/bin/pip install --no-cache-dir . \
    && /opt/flasklint/bin/pip uninstall --yes pip

FROM python:3.13-slim
LABEL org.opencontainers.image.title="flasklint" \
      org.opencontainers.image.description="Says what will break in a Flask deployment before it is deployed." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.documentation="https://flasklint.readthedocs.io/en/stable/"
COPY --from=build /opt/flasklint /opt/flasklint
# Nobody's: what is mounted is read and nothing else.
USER 65534:65534
WORKDIR /src
ENTRYPOINT ["/opt/flasklint/bin/flasklint"]
