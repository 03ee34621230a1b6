"""What is watched in the simulated contract: targets with their checks, and by what each business system is up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoTarget:
    system: str
    code: str
    name: str
    site: str
    kind: str
    address: str
    settings: str = ""
    interval_s: int = 60

    @property
    def key(self) -> str:
        return f"{self.code}/{self.kind}"


OFFICE, C1 = "ROOM-57-4", "ROOM-C1"

# Addresses are of the blocks for documentation (RFC 5737): they are never probed, since the contract is simulated.
TARGETS = (
    DemoTarget("OA", "OA-WEB", "OA 门户", OFFICE, "http", "http://192.0.2.11/login", "warn_ms=2000"),
    DemoTarget("OA", "OA-APP", "OA 应用服务器", OFFICE, "tcp", "192.0.2.12:8080"),
    DemoTarget("OA", "OA-DB", "OA 数据库", OFFICE, "tcp", "192.0.2.13:1521"),
    DemoTarget("WEBSITE", "SITE-HOME", "局网站首页", C1, "http", "http://198.51.100.20/", "warn_ms=2000"),
    DemoTarget("WEBSITE", "SITE-CERT", "局网站证书", C1, "tls", "198.51.100.20:443", "warn_days=30", 3600),
    DemoTarget("DUTY", "DUTY-WEB", "应急值守系统门户", OFFICE, "http", "http://192.0.2.31/", "warn_ms=2000"),
    DemoTarget("DUTY", "DUTY-DB", "应急值守数据库", C1, "tcp", "192.0.2.32:3306"),
    DemoTarget("MOBILE", "MOB-PLATFORM", "移动指挥平台", C1, "http", "http://203.0.113.41/", "warn_ms=3000"),
    DemoTarget("MOBILE", "MOB-LINK-A", "移动指挥链路（甲）", C1, "icmp", "203.0.113.42", "warn_rtt_ms=80"),
    DemoTarget("MOBILE", "MOB-LINK-B", "移动指挥链路（乙）", C1, "icmp", "203.0.113.43", "warn_rtt_ms=80"),
    DemoTarget("VIDEO-CONF", "VC-GATEWAY", "企业视频会议网关", OFFICE, "icmp", "192.0.2.51"),
    DemoTarget("MEM-VIDEO", "MV-LINE", "部视频会议专线", OFFICE, "icmp", "192.0.2.61"),
    DemoTarget("DOC-TRANSFER", "DT-LINE", "部公文传输专线", OFFICE, "icmp", "192.0.2.71"),
    DemoTarget("FOREST-VIDEO", "FV-LINE-1", "森林消防图像专线（一）", C1, "icmp", "203.0.113.81"),
    DemoTarget("FOREST-VIDEO", "FV-LINE-2", "森林消防图像专线（二）", C1, "icmp", "203.0.113.82"),
    DemoTarget("POLICE-VIDEO", "PV-LINE", "公安图像专线", C1, "icmp", "203.0.113.91"),
    DemoTarget("FUNERAL", "FN-LINE", "殡葬系统专线", OFFICE, "icmp", "192.0.2.101"),
    DemoTarget("DISTRICTS", "DIST-CORE", "区级互联核心路由器", C1, "icmp", "203.0.113.110"),
    DemoTarget("DISTRICTS", "DIST-TZ", "通州区指挥中心", OFFICE, "icmp", "203.0.113.111"),
    DemoTarget("DISTRICTS", "DIST-YZ", "亦庄指挥中心", OFFICE, "icmp", "203.0.113.112"),
    DemoTarget("NMS", "NMS-WEB", "网络管理软件", OFFICE, "http", "http://192.0.2.121/"),
)

# Systems without a rule are up when all of their checks are.
RULES = {
    "WEBSITE": {"check": "SITE-HOME/http"},
    "MOBILE": {
        "all": [
            {"check": "MOB-PLATFORM/http"},
            {"any": [{"check": "MOB-LINK-A/icmp"}, {"check": "MOB-LINK-B/icmp"}]},
        ]
    },
    "FOREST-VIDEO": {"any": [{"check": "FV-LINE-1/icmp"}, {"check": "FV-LINE-2/icmp"}]},
    "DISTRICTS": {
        "all": [{"check": "DIST-CORE/icmp"}, {"k": 1, "of": [{"check": "DIST-TZ/icmp"}, {"check": "DIST-YZ/icmp"}]}]
    },
}
