# syntax=docker/dockerfile:1
# Two stages on Debian 12: the first builds, the second only runs, as a user
# without rights. Build: docker build -t waggle .   Run: see README.md.
FROM golang:1.26-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
      libopencv-dev libopus-dev libopusfile-dev pkg-config npm && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN make build

FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
      libopencv-core406 libopencv-imgproc406 libopencv-imgcodecs406 libopencv-calib3d406 libopencv-features2d406 \
      libopencv-dnn406 libopencv-objdetect406 libopencv-photo406 libopencv-video406 libopencv-videoio406 \
      libopencv-highgui406 libopencv-stitching406 libopencv-flann406 libopencv-contrib406 \
      libopus0 libopusfile0 ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/waggle --create-home waggle
COPY --from=build /src/bin/waggle /usr/local/bin/waggle
COPY --from=build /src/lib/libonnxruntime.so.1 /usr/local/lib/libonnxruntime.so.1
COPY LICENSE LICENSE-MODELS.md /usr/share/doc/waggle/
USER waggle
WORKDIR /var/lib/waggle
ENV WAGGLE_DATA_DIR=/var/lib/waggle/data \
    WAGGLE_HTTP_LISTEN=0.0.0.0:8080 \
    WAGGLE_OPS_LISTEN=127.0.0.1:9090 \
    WAGGLE_WEBRTC_LISTEN=0.0.0.0 \
    WAGGLE_SIP_LISTEN=udp://0.0.0.0:5060,tcp://0.0.0.0:5060
VOLUME /var/lib/waggle/data
EXPOSE 8080/tcp 5060/udp 5060/tcp 50000-50999/udp
HEALTHCHECK --interval=30s --timeout=3s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]
ENTRYPOINT ["/usr/local/bin/waggle"]
CMD ["serve"]
