"""The phrases of `sansheng init` and `sansheng try`: key → English, Chinese. {names} are filled in."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    # Questions.
    "intro": (
        "Sansheng, three rings. A few questions, then your gateway.toml. Enter takes what stands in [brackets]; "
        "Ctrl-C leaves everything as it was.",
        "三声网关。回答几个问题，即可生成 gateway.toml。直接回车采用[方括号]中的值；"
        "按 Ctrl-C 退出，不会改动任何文件。",
    ),
    "site": ("Name of this site, for topics and records", "站点名称（用于主题和通话记录）"),
    "dialplans": ("Service standards:", "服务标准："),
    "dialplan": ("Which standard: its number or name", "采用哪个标准（编号或名称）"),
    "parameter": ("What the standard says for {name}", "标准中 {name} 的内容"),
    "sip": (
        "SIP calls: 1 we register as an extension of the PBX, 2 the PBX sends calls to us (trunk), 3 none",
        "SIP 来电：1 在 PBX 上注册为分机；2 PBX 把来电直接送到本机（中继）；3 没有",
    ),
    "pbx": ("The PBX's address, host[:port]", "PBX 的地址，host[:port]"),
    "listen": ("Where we listen, our address:port", "本机监听的 地址:端口"),
    "sip_user_register": ("Our extension's number at the PBX", "本机在 PBX 上的分机号"),
    "sip_user_direct": ("The number under which the PBX calls us", "PBX 呼叫本机所用的号码"),
    "sip_password": ("The extension's password", "分机密码"),
    "callers": ("How many callers at the same time", "最多同时接听几路来电"),
    "modem_found": ("{port}: {what}", "{port}：{what}"),
    "modem_asking": ("{port} ({usb}): asking it …", "{port}（{usb}）：正在查询……"),
    "modem_use": ("Use {port} as {line}", "将 {port} 用作 {line}"),
    "modem_try": (
        "{port} ({usb}) is no modem we know. Send it AT commands to find out",
        "{port}（{usb}）不是已知的调制解调器。是否发送 AT 命令查询",
    ),
    "modem": (
        "Port of another modem; empty: no more",
        "其他调制解调器的串口；直接回车表示没有了",
    ),
    "modems_none": ("No voice modem was found on a USB serial port.", "USB 串口上没有发现语音调制解调器。"),
    "modem_better": ("{given} is {port}, which stays after a replug.", "{given} 即 {port}，重新插拔后名称不变。"),
    "modem_absent": ("{port} is not there now; written all the same.", "{port} 现在不存在，仍写入配置。"),
    "ports_hang": (
        "the kernel has not told within {seconds} s what is plugged in: unplug the modem that hangs and begin "
        "again; or --modem none",
        "内核在 {seconds} 秒内没有答复串口情况：请拔下卡住的调制解调器后重来；或用 --modem none",
    ),
    "agents": (
        "Agents' numbers, as 801, 802; with a telephone elsewhere 803=sip:803@192.0.2.7",
        "话务员工号，如 801, 802；话机在别处的写作 803=sip:803@192.0.2.7",
    ),
    "telephones": (
        "Are their telephones the PBX's extensions of the same numbers (sip:{number}@{pbx})",
        "他们的话机是否就是 PBX 上同号的分机（sip:{number}@{pbx}）",
    ),
    "broker": (
        "MQTT: own, or the URL of your broker (mqtt://host[:port])",
        "MQTT：own 表示用自带的服务，或填写已有服务的地址（mqtt://host[:port]）",
    ),
    "broker_user": ("Our user name at the broker; empty: none", "在该 MQTT 服务上的用户名；直接回车表示没有"),
    "broker_password": ("Its password", "密码"),
    "wallboard": (
        "Wallboard in a browser: none, or address:port, as 127.0.0.1:8080 or 0.0.0.0:8080",
        "浏览器大屏：none 表示不用，或 地址:端口，如 127.0.0.1:8080、0.0.0.0:8080",
    ),
    "wallboard_password": ("Password for the wallboard", "大屏的登录密码"),
    "again": ("Again", "再输入一次"),
    "service": (
        "Install the systemd service and the udev rules, with a user of its own ({user})",
        "安装 systemd 服务和 udev 规则，并使用专用用户（{user}）",
    ),
    "write": ("Write these files", "写入以上文件"),
    "replace": (
        "{path} is there and differs. Keep it as {backup} and write the new one",
        "{path} 已存在且内容不同。是否保留为 {backup} 并写入新文件",
    ),
    "yes": ("Y/n", "Y/n，y 是 n 否"),
    "no": ("y/N", "y/N，y 是 n 否"),
    # Wrong answers: what is wrong, what is allowed.
    "wrong_required": ("an answer is needed; {allowed}", "必须填写；{allowed}"),
    "wrong_yes_no": ("allowed: y or n", "只能填 y 或 n"),
    "wrong_site": ("allowed: 1 to 64 letters, digits, '-' or '_'", "只能用 1 到 64 个字母、数字、- 或 _"),
    "wrong_dialplan": (
        "allowed: {allowed}, or a folder with a dialplan.toml",
        "可以填：{allowed}，或含有 dialplan.toml 的目录",
    ),
    "wrong_parameter": (
        "allowed: up to 60 characters without {{ and }}; of these names: {allowed}",
        "最多 60 个字符，不含 {{ 和 }}；可用的名称：{allowed}",
    ),
    "wrong_sip": (
        "allowed: 1 (register), 2 (direct) or 3 (none)",
        "只能填 1（register）、2（direct）或 3（none）",
    ),
    "wrong_host": (
        "allowed: an IPv4 address or a name, with :port if it is not 5060",
        "只能填 IPv4 地址或主机名，端口不是 5060 时加 :端口",
    ),
    "wrong_unknown_host": (
        "the name {host} is not known to this machine; allowed: its IPv4 address",
        "本机解析不了 {host}；请填写它的 IPv4 地址",
    ),
    "wrong_listen": ("allowed: IPv4 address:port, as {example}", "只能填 IPv4 地址:端口，如 {example}"),
    "wrong_listen_taken": (
        "the PBX itself is at {pbx}; allowed: another port of this machine",
        "{pbx} 是 PBX 自己的地址；请换一个端口",
    ),
    "wrong_listen_elsewhere": (
        "{address} is no address of this machine; allowed: one of its own, as {example}",
        "{address} 不是本机的地址；请填写本机地址，如 {example}",
    ),
    "wrong_listen_alone": (
        "{address} is this machine's alone, and the PBX is elsewhere; allowed: one that it reaches, as {example}",
        "{address} 只有本机可达，而 PBX 在别处；请填写 PBX 可达的本机地址，如 {example}",
    ),
    "wrong_user": ("allowed: a SIP user name, as 8801", "只能填 SIP 用户名，如 8801"),
    "wrong_callers": ("allowed: a whole number from 1 to {most}", "只能填 1 到 {most} 的整数"),
    "wrong_callers_registered": (
        "allowed: 1 to {most}: an extension rings at all its places at once, and one line holds {most}; "
        "for more let the PBX send calls (direct)",
        "只能填 1 到 {most}：一个分机会在所有注册处同时振铃，而一条线路最多 {most} 路；"
        "更多请选择由 PBX 送来电（direct）",
    ),
    "wrong_port": (
        "allowed: a tty's path, as /dev/serial/by-path/…, or usb:1-2.1; each once; plugged in: {plugged}",
        "只能填串口路径，如 /dev/serial/by-path/…，或 usb:1-2.1，不可重复；当前有：{plugged}",
    ),
    "wrong_port_absent": ("{port} is not there; plugged in: {plugged}", "{port} 不存在；当前有：{plugged}"),
    "wrong_agents": (
        "allowed: numbers of 1 to 8 digits, each once, with =sip:user@host[:port] where needed",
        "只能填 1 到 8 位数字的工号，不可重复，需要时加 =sip:用户@主机[:端口]",
    ),
    "wrong_telephones": (
        "allowed: pbx (the extensions of the same numbers) or none; pbx needs a PBX",
        "只能填 pbx（同号分机）或 none；pbx 需要先有 PBX",
    ),
    "wrong_broker": (
        "allowed: own, mqtt://host[:port] or mqtts://host[:port]",
        "只能填 own、mqtt://host[:port] 或 mqtts://host[:port]",
    ),
    "wrong_secret": ("allowed: one line of 1 to 1024 characters", "只能是一行，1 到 1024 个字符"),
    "wrong_secret_file": (
        "{file} cannot be read ({reason}); allowed: a file with the password alone",
        "无法读取 {file}（{reason}）；应为只含密码的文件",
    ),
    "wrong_twice": ("the two are not the same", "两次输入不一致"),
    "wrong_no_line": (
        "there is neither a SIP line nor a modem; a gateway needs one",
        "既没有 SIP 线路也没有调制解调器，网关至少需要一条线路",
    ),
    # What is told.
    "no_terminal": (
        "there is no terminal to ask at. Give every answer by option, or --yes for the rest by default:",
        "没有终端可以提问。请用选项给出全部答案，或用 --yes 让其余采用默认值：",
    ),
    "missing": ("{what}: has no default; give {option}", "{what}：没有默认值，请用 {option} 给出"),
    "aborted": ("nothing was written", "没有写入任何文件"),
    "written": ("written: {path}", "已写入：{path}"),
    "kept": ("kept: {path} as {backup}", "已保留：{path} → {backup}"),
    "unchanged": ("unchanged: {path}", "未改动：{path}"),
    "done": ("done: {command}", "已执行：{command}"),
    "failed": ("failed: {command}: {reason}", "执行失败：{command}：{reason}"),
    "exists": (
        "{path} is there and differs; nothing was written. --replace keeps it as {backup} and writes the new one",
        "{path} 已存在且内容不同，没有写入任何文件。加 --replace 可将其保留为 {backup} 并写入新文件",
    ),
    "unwritable": (
        "{path} cannot be written: {reason}; nothing was written. Name another folder: sansheng init FOLDER",
        "无法写入 {path}：{reason}；没有写入任何文件。请换一个目录：sansheng init 目录",
    ),
    "denied": (
        "{path} cannot be written: {reason}; nothing was written. Run: {command}; "
        "or name a folder of your own: sansheng init FOLDER",
        "无法写入 {path}：{reason}；没有写入任何文件。请用：{command}；或换一个自己的目录：sansheng init 目录",
    ),
    "service_root": (
        "the service needs root and the folder {etc}; run: sudo sansheng init {etc}",
        "安装服务需要 root 权限和目录 {etc}；请用：sudo sansheng init {etc}",
    ),
    "secret_hidden": ("(a secret, not shown)", "（密码，不显示）"),
    "would_run": ("then: {command}", "然后执行：{command}"),
    "rtp": (
        "Open in a firewall, if there is one: UDP and TCP {sip}, UDP {rtp}.",
        "如有防火墙，请放行：UDP 和 TCP {sip}，UDP {rtp}。",
    ),
    "checking": ("Checked:", "检查配置："),
    "examining": (
        "What on this machine would stop it (sansheng doctor):",
        "本机可能妨碍运行的问题（sansheng doctor）：",
    ),
    "next": ("Next:", "接下来："),
    "next_service": ("start it, now and at every start of the machine", "启动服务，并设为开机自启"),
    "next_run": ("start it, in this terminal", "在本终端启动"),
    "next_try": (
        "in a second terminal: the first test call, from this machine",
        "另开一个终端：从本机打第一个测试电话",
    ),
    "next_dial": (
        "dial the modem's telephone number, then see the call",
        "拨打调制解调器所接的电话号码，然后查看通话",
    ),
    "next_calls": ("the call on record", "查看通话记录"),
    "next_top": ("the lines live", "实时查看线路"),
    # Comments in gateway.toml.
    "toml_head": (
        "Made by sansheng init. Every key: {page}. After a change: sansheng check -c {path}",
        "由 sansheng init 生成。全部配置项见 {page}。修改后请检查：sansheng check -c {path}",
    ),
    "toml_site": ("in every topic and record", "出现在每个主题和记录中"),
    "toml_dialplan": ("the service standard to keep: {title}", "所遵守的服务标准：{title}"),
    "toml_data": ("database, recordings, synthesised prompts", "数据库、录音、合成的提示音"),
    "toml_parameters": ("what the standard says for its {names}", "标准中 {names} 的内容"),
    "toml_sip_register": ("a softphone that registers with the PBX", "在 PBX 上注册的软电话"),
    "toml_sip_direct": ("softphones to which the PBX sends its calls", "由 PBX 送来电的软电话"),
    "toml_listen": ("UDP and TCP", "UDP 和 TCP"),
    "toml_listen_many": (
        "the first of {count} ports in a row, one a line: let the PBX hunt through them",
        "连续 {count} 个端口中的第一个，每条线路一个；请在 PBX 上设为轮选组",
    ),
    "toml_calls": ("callers at the same time; 4 at most in one process", "同时来电数；每个进程最多 4 路"),
    "toml_count": ("lines like this one, {callers} callers in all", "同样的线路数，共 {callers} 路"),
    "toml_allow": ("who may call: this machine, for test calls, and the PBX", "允许谁呼入：本机（测试用）和 PBX"),
    "toml_modem": ("a voice modem on an analogue line", "接模拟电话线的语音调制解调器"),
    "toml_port": ("the socket it is plugged into", "所插的 USB 口"),
    "toml_agents": (
        "who answers customers; extension: the telephone that is rung",
        "接听客户的话务员；extension 是要振铃的话机",
    ),
    "toml_desk": ("the softphone that rings the agents", "呼叫话务员话机的软电话"),
    "toml_broker": (
        "without url the gateway runs a broker of its own on 127.0.0.1:1883",
        "不写 url 时网关自带 MQTT 服务，位于 127.0.0.1:1883",
    ),
    "toml_wallboard": ("the lines as they are, in a browser", "浏览器中的线路大屏"),
    # sansheng try.
    "try_calling": ("calling {line}, {target}, from this machine", "从本机呼叫 {line}（{target}）"),
    "try_ringing": ("it rings", "正在振铃"),
    "try_answered": ("answered", "已接听"),
    "try_prompt_started": ("it speaks", "对方开始说话"),
    "try_prompt_ended": ("it has spoken", "对方说完"),
    "try_hanging_up": ("we hang up", "我方挂机"),
    "try_ended": ("the call has ended", "通话结束"),
    "try_good": ("good: answered after {seconds:.1f} s and greeted", "正常：{seconds:.1f} 秒后接听并已问候"),
    "try_silent": (
        "fault: answered, but nothing was heard within {seconds:.0f} s; see the gateway's log, and: "
        "sansheng prompts check",
        "故障：已接听，但 {seconds:.0f} 秒内没有听到声音；请看网关日志，并运行：sansheng prompts check",
    ),
    "try_nobody": (
        "fault: {target} does not answer SIP; is the gateway running? sansheng run -c {config}, or: "
        "systemctl status sansheng",
        "故障：{target} 没有 SIP 应答；网关在运行吗？sansheng run -c {config}，或：systemctl status sansheng",
    ),
    "try_refused": (
        "fault: {line} refused the call with {status}; see the gateway's log",
        "故障：{line} 拒绝了呼叫（{status}）；请看网关日志",
    ),
    "try_forbidden": (
        '{config}: lines.allow of {line} has no 127.0.0.1, so it answers no test call; add "127.0.0.0/8"',
        '{config}：{line} 的 lines.allow 中没有 127.0.0.1，不会接听测试电话；请加上 "127.0.0.0/8"',
    ),
    "try_no_line": (
        "{config}: there is no such SIP line; allowed: {allowed}",
        "{config}：没有这条 SIP 线路；可选：{allowed}",
    ),
    "try_no_sip": (
        "{config}: has no SIP line; dial the modem's telephone number from another telephone instead",
        "{config}：没有 SIP 线路；请用另一部电话拨打调制解调器所接的号码",
    ),
}
