"""The header lines of the platforms' exports, letter by letter (trailing blanks included).

A platform's header is never tidied here: what the export holds is what the reader must cope with.
"""


def _columns(*lines: str) -> tuple[str, ...]:
    return tuple(",".join(lines).split(","))


DOUYIN_ORDER_A = _columns(
    "主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品单价,订单应付金额,运费,优惠总金额",
    "平台优惠,商家优惠,达人优惠,商家改价,支付优惠,红包抵扣,支付方式,手续费,收件人,收件人手机号,省,市,区,街道",
    "详细地址,是否修改过地址,地址修改时段,买家留言,订单提交时间,旗帜颜色,商家备注,订单完成时间,支付完成时间",
    "APP渠道,流量来源,订单状态,承诺发货时间,订单类型,鲁班落地页ID,达人ID,达人昵称,所属门店ID,售后状态",
    "取消原因,预约发货时间,仓库ID,仓库名称,序列号,是否安心购,广告渠道,流量类型,流量体裁,流量渠道,发货主体",
    "发货主体明细,发货时间,降价类优惠,平台实际承担优惠金额,商家实际承担优惠金额,达人实际承担优惠金额",
    "预计送达时间,是否平台仓自流转,车型,商品69码,发货SN码,发货IMEI码1,发货IMEI码2,预约送达时间",
    "建议发货时间（起）,建议发货时间（止）,物流SN码,物流IMEI码1,物流IMEI码2,doudian_open_id",
)

DOUYIN_ORDER_B = _columns(
    "主订单编号,子订单编号,支付方式,选购商品,货号,商品ID,商家编码,商品数量,商品金额,订单提交时间,支付完成时间",
    "订单完成时间,承诺发货时间,预约发货时间,买家留言,旗帜颜色,商家备注,APP渠道,订单状态,取消原因,售后状态",
    "订单类型,发货时间,车型,是否是以旧换新,换新额外补贴,换新额外补贴发放状态,订单应付金额,运费,优惠总金额",
    "平台优惠,商家优惠,达人优惠,商家改价,支付优惠,手续费,红包抵扣,降价类优惠,平台实际承担优惠金额",
    "商家实际承担优惠金额,达人实际承担优惠金额,收件人,收件人手机号,省,市,区,街道,详细地址,是否修改过地址",
    "快递信息,序列号,达人ID,达人昵称,拼团订单团编号,商品单价是否含税,税费,鲁班落地页ID,所属门店ID,流量来源",
    "仓库ID,仓库名称,是否安心购,广告渠道,流量类型,流量体裁,流量渠道,发货主体,发货主体明细,教育优惠",
    "预计送达时间,是否平台仓自流转,是否是渠道商品,预约送达时间,建议发货时间（起）,建议发货时间（止）",
    "doudian_open_id",
)

DOUYIN_AFTERSALE = _columns(
    "售后单号,订单号,商品单号,商品名称,商品ID,应付金额（元）,商品运费（元）,支付优惠（元）,商品税费（元）",
    "商品发货状态,售后类型,退商品金额（元）,退运费金额（元）,退支付优惠（元）,退税费金额（元）,售后状态",
    "售后申请时间,退款方式,是否已上传退款凭证,售后原因,售后原因标签,退货物流单号,退货异常,退货发货时间",
    "退货物流公司,自动处理截止时间,同意售后申请时间,商家退款时间,用户到账时间,售后关闭时间,商家退货地址",
    "商家退货联系人姓名,商家退货联系人电话,仲裁状态,纠纷责任方,是否极速退款,是否拒签后退款,发货物流单号",
    "发货物流状态,换货物流单号,退货物流状态,售后完结时间,订单备注,用户售后说明,售后备注,操作人,协商记录",
    "换货商品信息,商家编码,门店名称",
)

DOUYIN_ALLIANCE = _columns(
    "订单id,商品id,商品名称,作者账号,抖音/火山号,支付金额,佣金率,预估佣金支出,结算金额,实际佣金支出,订单状态",
    "超时未结算原因,付款时间,收货时间,订单结算时间,商品来源,尾款支付时间,定金金额,店铺id,店铺名称,商品数量",
    "佣金发票,冻结比例,是否阶梯佣金,门槛销量,基础佣金率,升佣佣金率,预估奖励佣金支出,结算奖励佣金支出",
    "阶梯计划ID,支付补贴,平台补贴,达人补贴,运费,税费,运费补贴,分销来源,营销活动id,推广费率,推广技术服务费",
    "预估推广费支出,结算推广费支出,计划类型,订单来源,流量细分来源,流量来源,订单类型",
)

TMALL_ORDER_LIST = _columns(
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分",
    "买家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机",
    "订单创建时间,订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称",
    "订单关闭原因,卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片",
    "是否上传小票,是否代付,定金排名,修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣",
    "是否是O2O交易,新零售交易类型,新零售导购门店名称,新零售导购门店id,新零售发货门店名称,新零售发货门店id",
    "退款金额,预约门店,确认收货时间,打款商家金额,含应开票给个人的个人红包",
)

TMALL_ORDER_DETAIL = _columns(
    "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码",
)

TMALL_ITEM_NEW = _columns(
    "子订单编号,主订单编号,商品标题,商品价格,购买数量,外部系统编号,商品属性,套餐信息,联系方式备注,订单状态",
    "商家编码,支付单号,买家应付货款,买家实付金额,退款状态,退款金额,订单创建时间,订单付款时间,商品ID,商家备注",
)

TMALL_REFUND = _columns(
    "退款编号,订单编号,支付宝交易号,订单付款时间,商品编码,退款完结时间,买家实际支付金额,宝贝标题,买家退款金额",
    "手工退款/系统退款,是否需要退货,退款的申请时间,退款状态,货物状态,发货物流信息,客服介入状态,卖家真实姓名",
    "买家退款原因,买家退款说明,部分退款/全部退款",
)

DOUYIN_MEMBER = _columns(
    "shop_id,open_id,union_id,mobile_cipher,mobile_plain_or_hash,level,level_name,point_cent,join_time,join_channel",
    "exit_time,status,birthday,updated_at,export_time",
)

POS_MEMBER = _columns("卡号,姓名,手机号,性别,入会时间,入会门店,会员状态,合并至卡号,余额,积分")

TMALL_MEMBER_SYNC = _columns("mobile,nick,mix_nick,level,level_type,level_point,point,level_expire_time,version")

TMALL_RECOGNISED = _columns(
    "phone,out_member_id,open_id,level_name,real_name,addr,status,tao_nick,mix_nick,member_type,op_type,out_id,version",
    "gmt_modified",
)

ALIYUN_SMS = _columns("rec_num,sms_code,sms_content,sms_send_time,sms_receiver_time,sms_status,result_code,extend")

YUNPIAN_SMS = _columns("sid,uid,mobile,send_time,text,send_status,report_status,fee,user_receive_time,error_msg")

DOUYIN_SMS = _columns("message_id,send_time,sms_content,status,count,code,message,tag")

DOUYIN_SETTLEMENT = _columns(
    "结算时间,订单号,子订单号,结算金额,结算账户,结算单类型,有结算前退款,下单时间,商品ID,商品数量,业务类型,订单类型",
    "订单总价,商品总价,运费,店铺劵,结算前退款金额,平台补贴,达人补贴,抖音支付补贴,抖音月付营销补贴,用户实付,收入合计",
    "平台服务费,佣金,渠道分成,招商服务费,站外推广费,其他分成,其他分成说明,支出合计,是否免佣,免佣金额,备注",
)

DOUYIN_FUND_BILL = _columns(
    "动账时间,动帐流水号,动账方向,动账金额,动账账户,动账场景,计费类型,子订单号,订单号,售后编号,下单时间,商品ID",
    "订单类型,订单实付应结,运费实付,实际平台补贴_运费,实际平台补贴,实际达人补贴,实际抖音支付补贴",
    "实际抖音月付营销补贴,订单退款,平台服务费,佣金,渠道分成,招商服务费,站外推广费,其他分成,是否免佣,免佣金额,备注",
)

DOUYIN_LIVE = _columns(
    "店铺名称,店铺ID,主播头像,主播昵称,主播抖音号,直播开始时间,直播结束时间,直播时长(分钟),直播间曝光人数,曝光次数",
    "观看人数,单小时观看人数,观看次数,最高在线,平均在线,人均观看时长(分钟),评论次数,新加直播团人数,新增粉丝数",
    "取关粉丝数,观看老粉占比,带货商品数,商品曝光人数,商品点击人数,商品点击次数,直播间成交订单数,成交金额,用户支付金额",
    "单小时用户支付金额,成交件数,成交人数,退款订单数,退款金额,退款人数,预估佣金支出,预售订单数,预售全款金额",
    "新加购物团人数,直播间投放消耗,净成交金额,净成交订单数,1小时退款金额,1小时退款订单数,1小时退款率",
)

DOUYIN_ORDER_ACCOUNT = _columns("主订单编号,doudian_open_id,shop_id")

DOUYIN_ACCOUNT_REPLACEMENT = _columns("shop_id,old_open_id,new_open_id,replaced_at")

DOUYIN_UNION_ID = _columns("shop_id,open_id,union_id,valid_from,valid_to")

WECOM_CUSTOMER = _columns(
    "external_userid,unionid,type,name,userid,remark,remark_mobiles,createtime,add_way,oper_userid,state,tags",
    "export_time",
)

WECOM_CONTACT = _columns(
    "客户名称,描述,添加人,添加人账号,添加人所属部门,添加时间,来源,手机,企业,邮箱,地址,职务,电话,会员等级"
)

WECOM_EVENT = _columns("ChangeType,ExternalUserID,UserID,CreateTime,State")

WECOM_GROUP_MEMBER = _columns(
    "chat_id,group_name,owner,userid,type,unionid,join_time,join_scene,invitor,name,export_time",
)

JD_ORDER = _columns(
    "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单类型,下单帐号",
    "客户姓名,客户地址,联系电话,订单备注,发票类型,发票抬头,发票内容,商家备注,商家备注等级（等级1-5为由高到低）,运费金额",
    "付款确认时间,增值税发票,货号,订单完成时间,订单来源,订单渠道",
)

YOUZAN_ORDER = _columns(
    "订单号,订单状态,订单创建时间,买家付款时间,全部商品名称,商品种类数,订单实付金额,收货人/提货人",
    "收货人手机号/提货人手机号,收货人省份,收货人城市,收货人地区,详细收货地址/提货地址,买家昵称,买家手机号",
    "优惠券码名称,分销员",
)

DOUYIN_SHOP_SUMMARY = _columns(
    "日期,店铺名称,店铺ID,成交金额,成交订单数,成交人数,退款金额(支付时间),退款金额(退款时间),会员成交金额,会员支付金额"
)

TMALL_SHOP_SUMMARY = _columns("统计日期,支付金额,支付新买家数,支付老买家数,成功退款金额")
