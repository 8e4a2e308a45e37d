# The build. SQLite and libpq are compiled from the sources their crates carry, so a C compiler is all that is needed.
# The tag repeats the channel of rust-toolchain.toml; that file stays outside, lest rustup fetch the lint tools too.
FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
# How SQLite is compiled.
COPY .cargo .cargo
COPY src src
COPY migrations migrations
COPY openapi openapi
# Tests and benches are no part of the image: their paths stand in the manifest, so Cargo says that it misses them, and goes on.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin copydesk \
    && mkdir -p /image/data /image/etc/ssl/certs /image/usr/local/bin \
    && cp target/release/copydesk /image/usr/local/bin/ \
    && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/

# What runs: one binary that needs libc and libgcc, and the certificates of the public authorities. It writes nowhere but
# to /data, so the rest may be read-only, and it needs longer than Docker's ten seconds to let uploads end:
#   docker run --read-only --stop-timeout 35 -p 8080:8080 -v copydesk:/data copydesk
# A folder mounted at /data in place of a volume must belong to 10001.
FROM debian:bookworm-slim
COPY --from=build /image/etc /etc
COPY --from=build /image/usr /usr
COPY --from=build --chown=10001:10001 /image/data /data
# SQLite sorts what is large in files, and no other folder can be written.
ENV COPYDESK_DATA=/data \
    COPYDESK_LISTEN=0.0.0.0:8080 \
    SQLITE_TMPDIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["copydesk", "health"]
ENTRYPOINT ["copydesk"]
CMD ["serve"]
