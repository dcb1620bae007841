"""The wiring diagram: every component of the crawl, its order, and why that order.

Each setting can be given on the command line (``-s NAME=VALUE``) or in the environment (``OFRECORD_NAME=VALUE``).
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from types import TracebackType

VERSION = version("ofrecord")


def user_agent(contact: str = "") -> str:
    """Who we are, and where to write to."""
    return f"ofrecord/{VERSION} (news archive; +{contact})" if contact else f"ofrecord/{VERSION} (news archive)"


# ---- ofrecord's own settings

ARCHIVES_DIR = "archives"
"""Folder that holds the collections."""

COLLECTION = "news"
"""Folder below ARCHIVES_DIR: WARC files, index.db and frontier.db."""

CONTACT = ""
"""A URL or e-mail address that sites can write to; goes into the User-Agent and the WARC files."""

OPERATOR = ""
"""Who runs the crawl; goes into the WARC files. Empty: CONTACT, or "unknown"."""

ALLOW_PRIVATE_ADDRESSES = False
"""Whether loopback and private addresses may be fetched, or which: "127.0.0.1:8080, 10.1.0.0/16". For tests and
intranets."""

EXTRACTION_WORKERS = min(2, os.cpu_count() or 1)
"""Processes that turn pages into articles."""

WARC_MAX_BYTES = 1_000_000_000
"""Size at which a WARC file is sealed and the next one begun."""

WARC_MAX_SECONDS = 3600
"""Age at which a WARC file is sealed."""

MIN_FREE_BYTES = 200_000_000
"""Room on the disk below which nothing more is recorded: the index and the frontier need some to be closed well."""

KEEP_DISCOVERY_DAYS = 0
"""Days for which captures of feeds, sitemaps and sections are kept; the newest of each stays, and what others refer to.
0: for ever."""

EXCHANGE_SINK = "crawler.downloadhandlers.sink.CollectionSink"
"""Takes every exchange off the wire."""

CAPTURE_SPOOL_BYTES = 1 << 20
"""Responses beyond this many bytes wait on disk, not in memory, until they are written."""

JOIN = False
"""Whether a crawl that finds another one running over the collection shares its work, instead of handing URLs over."""

CRAWL_DELAY_MAX = 60.0
"""Seconds between two requests that a robots.txt can ask for with Crawl-delay; a longer one counts as this."""

TDMREP_ENABLED = True
"""Whether each crawl asks each host, once a day, for /.well-known/tdmrep.json, which reserves text and data mining."""

PUT_OFF_MAX = 86400.0
"""Seconds for which a host can put us off with Retry-After; longer counts as this."""

SOURCE_MAX_REQUESTS = 0
"""Requests to one publisher in one crawl; the rest waits for the next. 0: no bound."""

SOURCE_MAX_BYTES = 0
"""Bytes received from one publisher in one crawl. 0: no bound."""

SOURCE_MAX_SECONDS = 0.0
"""Seconds from the first request to one publisher after which a crawl asks it for nothing more. 0: no bound."""

HOST_PROBE_SECONDS = 900.0
"""Seconds after which a publisher's host that is down is asked again whether it is back; meanwhile the publisher's next
host is asked."""

LEASE_SECONDS = 60.0
"""Seconds after which the hosts of a process that does not respond go to another one that crawls beside it."""

PROGRESS = True
"""A progress line while stderr is a terminal."""

# ---- Scrapy's

BOT_NAME = "ofrecord"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
COMMANDS_MODULE = "crawler.commands"
LOG_LEVEL = "WARNING"
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"

SCHEDULER = "crawler.scheduler.FrontierScheduler"
DOWNLOAD_HANDLERS = {
    "http": "crawler.downloadhandlers.wire.WireDownloadHandler",
    "https": "crawler.downloadhandlers.wire.WireDownloadHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}

# Polite: one request at a time and five seconds apart, per group of hosts.
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 5.0
DOWNLOAD_DELAY_JITTER = 0  # a delay that was promised is never cut short
DOWNLOAD_TIMEOUT = 60.0
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the spider says it, in words
ROBOTSTXT_OBEY = True

# Bounded: sizes while streaming, redirects, addresses.
DOWNLOAD_MAXSIZE = 64 << 20
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 10
URLLENGTH_LIMIT = 2083

# Safe: certificates are verified (Scrapy's default is not to), and no console that runs code is left on.
DOWNLOAD_VERIFY_CERTIFICATES = True
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# A name that resolves into a private network is not fetched.
TWISTED_DNS_RESOLVER = "crawler.middlewares.addresses.GuardedResolver"
# Cookies would make tldextract fetch the public suffix list, and would be secrets on record.
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False  # a page that refreshes itself would be fetched for ever
HTTPCACHE_ENABLED = False  # the archive is the cache

# Replay tools on warcio 1.8.1 fail on br and zstd, so they are not asked for.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}
USER_AGENT = user_agent()

# No Referer: an archive's request should not depend on the way it came.
REFERRER_POLICY = "no-referrer"

# Items of one response are few; Scrapy's default of 100 costs 1.6 times in throughput.
CONCURRENT_ITEMS = 4

DOWNLOADER_MIDDLEWARES = {
    # For some requests the scheduler found no host of the publisher that could be asked.
    "crawler.middlewares.mirrors.NoHostMiddleware": 40,
    # Before anything is fetched for a request, its robots.txt too; redirects come by here again.
    "crawler.middlewares.addresses.AddressMiddleware": 50,
    # Whom a request is for says the request: one crawl may be of many publishers.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.middlewares.offsite.OffsiteMiddleware": 55,
    "crawler.middlewares.forgotten.ForgottenMiddleware": 60,
    "crawler.middlewares.traps.TrapMiddleware": 70,
    # Scrapy's robots.txt is read once per crawl and forgotten; ours also serves discovery.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    # After it: robots.txt may forbid the file.
    "crawler.middlewares.tdmrep.TdmrepMiddleware": 110,
    # Before redirects are followed (Scrapy's 600): one that leads to the front page is an article that is gone.
    "crawler.middlewares.look_again.LookAgainMiddleware": 620,
    # Nothing is asked of a host that said "later", not even its robots.txt; sees a response before it is tried again.
    "crawler.middlewares.hosts.HostMiddleware": 580,
    "crawler.middlewares.budgets.BudgetMiddleware": 585,
    # Right before the download, when it is known whether a proxy will resolve the name (Scrapy's 750).
    "crawler.middlewares.addresses.ResolvedAddressMiddleware": 760,
    # Pages that become articles are read from the WARC, by a worker: only listings are decompressed here.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.decompression.ListingDecompression": 590,
    # Sees what came of a request before redirects (Scrapy's 600) and retries (550) make another of it.
    "crawler.middlewares.mirrors.MirrorMiddleware": 610,
    # After it is on record, a listing's 304 becomes the listing that we hold: before that is decompressed.
    "crawler.middlewares.conditional.ConditionalMiddleware": 900,
    # Next to the downloader: nothing acts on a response (redirect, retry, spider) before it is on record.
    "crawler.middlewares.capture.CaptureMiddleware": 950,
}

SPIDER_MIDDLEWARES = {
    # Outermost: sees what finally leaves the spider, and acknowledges the request when that is dealt with.
    "crawler.middlewares.acknowledge.AcknowledgeMiddleware": 10,
    # Every status reaches the spider, which knows what became of the page.
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    # The frontier counts hops itself.
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}

ITEM_PIPELINES = {
    "crawler.pipelines.extract.ExtractPipeline": 100,  # a captured page becomes an Article
    # 300–700: yours
    "crawler.pipelines.store.StorePipeline": 900,  # the index has it; then feed exports see it
}

EXTENSIONS = {
    "crawler.extensions.archive.ArchiveExtension": 100,  # opens the crawl in the index, seals at the end
    "crawler.extensions.definitions.DefinitionsExtension": 200,
    "crawler.extensions.progress.ProgressExtension": 500,
    "scrapy.extensions.logstats.LogStats": None,  # the summary says it
    "scrapy.extensions.memusage.MemoryUsage": None,
}

FEED_EXPORT_ENCODING = "utf-8"
STATS_DUMP = False


ENVIRONMENT_PREFIX = "OFRECORD_"

declared = {name: value for name, value in globals().items() if name.isupper()}
"""As this file says it: which names there are, and of which kind each value is."""


def _from_environment() -> None:
    """Environment over this file; Scrapy's command line goes over both."""
    for name, value in os.environ.items():
        if name.startswith(ENVIRONMENT_PREFIX):
            globals()[name.removeprefix(ENVIRONMENT_PREFIX)] = value


_from_environment()


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Ctrl-C before a command handles it, while modules are imported say, is no fault that wants a traceback."""
    if issubclass(kind, KeyboardInterrupt):
        print("ofrecord: interrupted", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


# Here, since this is the first of our modules that Scrapy imports. Python then ends by SIGINT, which shells call 130.
sys.excepthook = _uncaught
