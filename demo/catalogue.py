"""What the simulated brand is made of: shops, goods, influencers and the words the platforms use.

Constants only; everything that depends on chance or on the period is elsewhere.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Shop:
    index: int
    platform: str
    shop_id: str
    name: str


SHOPS = (
    Shop(0, "douyin", "68830001", "四禾家居旗舰店"),
    Shop(1, "douyin", "68830002", "四禾厨房专营店"),
    Shop(2, "tmall", "10350001", "四禾天猫旗舰店"),
)
DOUYIN_SHOPS, TMALL = SHOPS[:2], SHOPS[2]
SHOP_SHARES = (0.45, 0.25, 0.30)
SMALL_SHOPS = (
    Shop(3, "jd", "11630001", "四禾京东专营店"),
    Shop(4, "youzan", "40250001", "四禾小程序商城"),
)
JD, YOUZAN = SMALL_SHOPS


@dataclass(frozen=True)
class Product:
    code: str
    name: str
    category: str
    price: int  # fen
    role: str = "regular"
    full_size: str = ""  # merchant code of the product a sample stands for


PRODUCTS = (
    Product("KH-0101", "麦饭石不粘炒锅32cm,带盖", "锅具", 25900),
    Product("KH-0102", "麦饭石不粘煎锅28cm", "锅具", 16900),
    Product("KH-0103", "铸铁珐琅汤锅24cm", "锅具", 49900),
    Product("KH-0104", '304不锈钢蒸锅"三层"', "锅具", 21900),
    Product("KH-0105", "雪平奶锅18cm", "锅具", 8900),
    Product("KH-0106", "砂锅煲4L，耐高温", "锅具", 12900),
    Product("KH-0201", "大马士革纹菜刀", "刀具砧板", 29900),
    Product("KH-0202", "厨房剪刀", "刀具砧板", 3900),
    Product("KH-0203", "整竹砧板,双面", "刀具砧板", 6900),
    Product("KH-0204", "刀具六件套（含刀座）", "刀具砧板", 39900),
    Product("KH-0205", "水果刀", "刀具砧板", 2900),
    Product("KH-0301", "白瓷餐具套装24头", "餐具", 32900),
    Product("KH-0302", "日式拉面碗2只", "餐具", 5900),
    Product("KH-0303", "合金筷子10双", "餐具", 3500),
    Product("KH-0304", "长柄汤勺,木柄", "餐具", 2500),
    Product("KH-0305", "儿童分格餐盘", "餐具", 4500),
    Product("KH-0401", "玻璃保鲜盒五件套", "收纳", 9900),
    Product("KH-0402", "冰箱收纳盒3只", "收纳", 5900),
    Product("KH-0403", "米桶10kg", "收纳", 7900),
    Product("KH-0404", "调料罐四件套", "收纳", 4900),
    Product("KH-0405", "免打孔置物架", "收纳", 6500),
    Product("KH-0501", "洗碗布10片", "清洁", 1990),
    Product("KH-0502", "厨房湿巾80抽*3包", "清洁", 2990),
    Product("KH-0503", "洗洁精1.2kg*2瓶", "清洁", 3290),
    Product("KH-0504", "油污清洁剂500ml", "清洁", 2690),
    Product("KH-0505", "垃圾袋加厚150只", "清洁", 2490),
    Product("KH-0506", "长柄锅刷", "清洁", 1590),
    Product("KH-0601", "多功能空气炸锅6L", "小家电", 129900),
    Product("KH-0602", "手持打蛋器", "小家电", 12900),
    Product("KH-0603", "电热水壶1.7L", "小家电", 15900),
    Product("KH-0604", "迷你电炖锅", "小家电", 18900),
    Product("KH-0605", "厨房秤", "小家电", 4990),
    Product("KH-0701", "静音破壁机", "小家电", 159900, "new"),
    Product("KH-0702", "折叠沥水架", "收纳", 8900, "new"),
    Product("KH-0801", "厨房焕新礼包", "礼包", 19900, "gift_pack"),
    Product("KH-0901", "洗洁精试用装50ml", "清洁", 990, "sample", "KH-0503"),
    Product("KH-0902", "油污清洁剂试用装30ml", "清洁", 990, "sample", "KH-0504"),
    Product("KH-0903", "厨房湿巾试用装10抽", "清洁", 590, "sample", "KH-0502"),
    Product("KH-0991", "定制隔热手套(赠品)", "赠品", 1900),
    Product("KH-0992", "补邮费链接,拍前联系客服", "邮费", 100),
)
CODES = tuple(product.code for product in PRODUCTS)
PRICES = np.array([product.price for product in PRODUCTS])
GIFT, POSTAGE_LINK = CODES.index("KH-0991"), CODES.index("KH-0992")
SAMPLES = np.array([i for i, product in enumerate(PRODUCTS) if product.role == "sample"])
NEW = np.array([i for i, product in enumerate(PRODUCTS) if product.role == "new"])
# Index of the full-size product; a product that is no sample stands for itself.
FULL_SIZE = np.array([CODES.index(p.full_size) if p.full_size else i for i, p in enumerate(PRODUCTS)])
LAUNCH_SHARES = (0.4, 0.7)  # of the period, one per new product

# [shop, product]: every shop lists the same goods under ids of its own
PRODUCT_IDS = np.array([
    [3_512_068_830_001_000_017 + 7_654_321 * i for i in range(len(PRODUCTS))],
    [3_544_068_830_002_000_029 + 7_654_321 * i for i in range(len(PRODUCTS))],
    [654_103_500_017 + 1_234_567 * i for i in range(len(PRODUCTS))],
])  # fmt: skip
SMALL_PRODUCT_IDS = np.array(
    [10_011_630_001_017 + 7_919 * i for i in range(len(PRODUCTS))]
)  # JD's; Youzan has names alone


@dataclass(frozen=True)
class Influencer:
    uid: int
    number: str  # 抖音号, another id of the same person
    name: str
    renamed: str = ""  # the nickname from the middle of the period on
    is_own: bool = False
    followers: int = 100_000
    category: str = "家居"


INFLUENCERS = (
    Influencer(3_411_000_268_830_017, "sihe_home", "四禾家居官方旗舰店", is_own=True, followers=860_000),
    Influencer(98_100_026_883_000_231, "sihe_kitchen", "四禾厨房", is_own=True, followers=210_000),
    Influencer(1_100_200_300_400_511, "amu_cook", "阿木爱做饭", followers=5_200_000, category="美食"),
    Influencer(72_100_300_400_500_617, "laotang88", "老汤厨房", "老汤的一日三餐", followers=3_100_000, category="美食"),
    Influencer(2_345_100_300_400_533, "xiaoman_jia", "小满收纳", followers=1_800_000),
    Influencer(61_100_300_400_500_741, "dapeng_kx", "大鹏开箱", followers=1_500_000, category="测评"),
    Influencer(4_001_100_300_400_557, "qingqing_life", "青青的家", followers=920_000),
    Influencer(509_100_300_400_500_863, "shiguang_ting", "时光厅", followers=640_000),
    Influencer(7_110_300_400_500_611_279, "miaochu", "妙厨,小课堂", followers=480_000, category="美食"),
    Influencer(7_220_300_400_500_611_383, "jiawu_lab", "家务实验室", followers=350_000, category="测评"),
    Influencer(3_789_100_300_400_587, "nannan_bb", "囡囡妈妈", followers=260_000, category="母婴"),
    Influencer(88_100_300_400_500_969, "xinju_ri", "新居日记", followers=150_000),
    Influencer(4_567_100_300_400_599, "chufang_a", "厨房阿杰", followers=90_000, category="美食"),
    Influencer(640_100_300_400_501_073, "xiaodu_tj", "小杜推荐", followers=45_000, category="测评"),
)
OWN_COUNT = sum(influencer.is_own for influencer in INFLUENCERS)

KIND_TEXTS = ("普通订单", "0元单", "寄样订单", "零元抽奖", "达人买样", "赠品单", "补邮费")
KIND_NAMES = ("normal", "zero_price", "sample", "lottery", "sample", "gift", "postage")
NORMAL, ZERO_PRICE, SAMPLE_ORDER, LOTTERY, INFLUENCER_SAMPLE, GIFT_ORDER, POSTAGE = range(7)

STATUS_NAMES = ("placed", "paid", "shipped", "completed", "closed")
PLACED, PAID, SHIPPED, COMPLETED, CLOSED = range(5)

FORMATS = ("直播", "短视频", "商品卡", "图文", "橱窗", "其他")
LIVE, VIDEO, CARD, PICTURES, WINDOW, OTHER = range(6)
SOURCES = ("精选联盟", "小店自卖", "商城")
ALLIANCE, OWN_SALE, MALL = range(3)
AD_TYPES = ("非广告", "广告")
CHANNELS = ("达人直播间", "短视频推荐", "商城推荐", "搜索", "购后页面")
APPS = ("抖音", "抖音极速版", "今日头条")

REFUND_ONLY, RETURN, EXCHANGE, PRICE_PROTECTION, RESEND = range(5)
JOIN_CHANNELS = ("直播间", "短视频", "商品详情页", "订单支付页", "会员中心", "客服")
LEVEL_NAMES = ("普通会员", "银卡会员", "金卡会员", "钻石会员")
