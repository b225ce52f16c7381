FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No package needs an install script.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.base.json ./
COPY scripts scripts
COPY src src
# The clients of database servers and the check of passkeys are optional peers, which pruning takes along: they come back as the lock has them.
# They are there for development too, so that npm leaves them out again unless it is told that this is for production.
RUN npm run build && clients="$(node scripts/client-packages.mjs)" \
  && npm prune --omit=dev --ignore-scripts && npm install --no-save --save-prod --omit=dev --ignore-scripts $clients

FROM node:24-slim
ENV NODE_ENV=production
# On a large machine Node lets garbage pile up: a small young generation, and a heap that may grow to 512 MiB (a busy process uses
# 40), keep it to a third. Node takes them from here or its command line only.
ENV NODE_OPTIONS="--max-semi-space-size=4 --max-old-space-size=512"
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# Shown at /docs/pages.
COPY docs docs
# Where SQLite is by default. The account `node` comes with the image; a new volume takes over owner and mode.
RUN install -d -o node -g node -m 0700 data
USER node
VOLUME /app/data
EXPOSE 7070
STOPSIGNAL SIGTERM
# Whether the process answers. Whether its store does is /readyz, which no restart cures.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 7070}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The young generation is never smaller either: requests under way would fill one of 1 MiB, and age before their time. One thread
# collects it, for to wake others takes longer.
ENTRYPOINT ["node", "--no-parallel-scavenge", "--min-semi-space-size=4", "dist/cli/main.js"]
CMD ["serve"]
