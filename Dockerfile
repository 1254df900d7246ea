# The program alone: a static binary on an empty image, not run as root.
#
#   docker build -t tidemark .
#   docker run --rm -p 127.0.0.1:8080:8080 -v tidemark:/var/lib/tidemark tidemark migrate
#   docker run --rm -p 127.0.0.1:8080:8080 -v tidemark:/var/lib/tidemark tidemark

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
COPY internal/leftout internal/leftout
RUN go mod download
# With .git, so that the program knows its commit.
COPY . .
RUN make build OUT=/out/tidemark
# An empty image has no folders: these are the only two the program writes to.
RUN mkdir -p /out/var/lib/tidemark /out/tmp && chmod 1777 /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /out/ /
USER 65532:65532
ENV TIDEMARK_DATABASE=/var/lib/tidemark/tidemark.db TIDEMARK_ADDR=:8080
VOLUME /var/lib/tidemark
EXPOSE 8080
# The image has neither a shell nor curl; the program asks itself.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 CMD ["/tidemark", "health"]
ENTRYPOINT ["/tidemark"]
CMD ["serve"]
