#!/bin/sh
# The pages and examples, as in the checkout, so that their links lead somewhere: deploy/debian/pages.sh DOC SITE
# DOC is the package's folder of documentation; SITE where its Python packages will be.
set -eu
doc=$1
site=$2
cd "$(dirname "$0")/../.."
install -d "$doc/docs" "$doc/examples" "$doc/deploy/systemd" "$doc/hw_tests" "$doc/gateway/feed"
install -m 644 README.md CHANGELOG.md CONTRIBUTING.md "$doc/"
install -m 644 docs/*.md docs/*.json docs/*.png docs/*.svg "$doc/docs/"
install -m 644 hw_tests/README.md "$doc/hw_tests/"
cp -R deploy/gateway.toml deploy/mosquitto deploy/prometheus-rules.yml deploy/logrotate deploy/kamailio deploy/examples/* \
    "$doc/examples/"
# What the pages name by its place in the checkout and the package has elsewhere.
ln -s ../examples "$doc/deploy/examples"
ln -s ../examples/prometheus-rules.yml "$doc/deploy/prometheus-rules.yml"
ln -s /lib/udev/rules.d/77-sansheng.rules "$doc/deploy/77-sansheng.rules"
ln -s /lib/systemd/system/sansheng.service "$doc/deploy/systemd/sansheng.service"
ln -s "$site/dialplans" "$doc/dialplans"
ln -s "$site/gateway/feed/schemas" "$doc/gateway/feed/schemas"
