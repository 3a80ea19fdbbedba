//! Every command that changes something, with what it sends.

/// Each command, the vendor's operation, and its fields; a file is written as `FILE` before.
pub const EACH: &[(&str, &str, &str, &str)] = &[
    (
        "",
        "call start --campaign Ventas-> --agent ana --phone 1001 --destination 098344484 --callerid 2900 --context c",
        "AgentCall",
        r#"{"callerid":"2900","agent":"ana","phone":"1001","tech":"SIP","context":"c","outqueue":"Ventas->","destination":"098344484"}"#,
    ),
    (
        "",
        r#"call start --campaign Ventas-> --agent ana --phone 1001 --destination 098344484 --data '{"a": 1}' --form f"#,
        "AgentCallwithData",
        r#"{"callerid":"","agent":"ana","phone":"1001","tech":"SIP","context":"","outqueue":"Ventas->","destination":"098344484","data":"{\"a\": 1}","form":"f"}"#,
    ),
    ("", "call hangup --phone 1001", "HangupPhone", r#"{"phone":"1001"}"#),
    (
        "",
        "queue add --campaign Ventas<- --member ana=1001 --member eva=PJSIP/eva --penalty 2 --paused",
        "addqueuemember",
        r#"{"queuemember":"[{\"membername\":\"ana\",\"queueName\":\"Ventas<-\",\"interface1\":\"SIP/1001\",\"penalty\":2,\"paused\":1},{\"membername\":\"eva\",\"queueName\":\"Ventas<-\",\"interface1\":\"PJSIP/eva\",\"penalty\":2,\"paused\":1}]"}"#,
    ),
    (
        "",
        "blacklist add --phone 098344484 --campaign Ventas-> --name 'A B' --company C --job-title D --user supervisor",
        "addblack",
        r#"{"blacklist":"{\"phone\":\"098344484\",\"campaign\":\"Ventas->\",\"username\":\"supervisor\",\"company\":\"C\",\"job_title\":\"D\",\"name\":\"A B\"}"}"#,
    ),
    (
        "",
        "blacklist remove --phone 098344484",
        "deleteblack",
        r#"{"blacklist":"{\"phone\":\"098344484\",\"campaign\":\"\",\"username\":\"\",\"company\":\"\",\"job_title\":\"\",\"name\":\"\"}"}"#,
    ),
    (
        "phone,campaign,name,company,job_title\r\n098344484,Ventas->,\"Núñez, A\",C,D\r\n099,,,,\r\n",
        "blacklist add --file FILE",
        "addblackbulk",
        r#"{"blacklist":"[{\"phone\":\"098344484\",\"campaign\":\"Ventas->\",\"username\":\"\",\"company\":\"C\",\"job_title\":\"D\",\"name\":\"Núñez, A\"},{\"phone\":\"099\",\"campaign\":\"\",\"username\":\"\",\"company\":\"\",\"job_title\":\"\",\"name\":\"\"}]"}"#,
    ),
    (
        "name;phone\nA;099\n",
        "blacklist remove --file FILE",
        "deleteblackbulk",
        r#"{"blacklist":"[{\"phone\":\"099\",\"campaign\":\"\",\"username\":\"\",\"company\":\"\",\"job_title\":\"\",\"name\":\"A\"}]"}"#,
    ),
    (
        "",
        "dialer task --campaign Ventas-> --destination 12-345-678 --mode priority",
        "DialerTask",
        r#"{"call":"{\"calldate\":null,\"campaign\":\"Ventas->\",\"destination\":\"12-345-678\",\"alternatives\":\"\",\"agent\":\"\",\"data\":\"\",\"source\":\"\",\"bulk\":false,\"automatic\":true}"}"#,
    ),
    (
        "",
        "dialer task --campaign Ventas-> --destination 099 --mode manual --source s",
        "DialerTask",
        r#"{"call":"{\"calldate\":null,\"campaign\":\"Ventas->\",\"destination\":\"099\",\"alternatives\":\"\",\"agent\":\"\",\"data\":\"\",\"source\":\"s\",\"bulk\":false,\"automatic\":false}"}"#,
    ),
    (
        "",
        "dialer task --campaign Ventas-> --destination 099 --mode dialer --agent ana --alternative 098 --alternative 097",
        "DialerTask",
        r#"{"call":"{\"calldate\":null,\"campaign\":\"Ventas->\",\"destination\":\"099\",\"alternatives\":\"098:097\",\"agent\":\"ana\",\"data\":\"\",\"source\":\"\",\"bulk\":true,\"automatic\":false}"}"#,
    ),
    (
        "",
        "dialer task --campaign Ventas-> --destination 099 --mode scheduled --at '2030-10-11 15:00:00' --data a=1 --data b=2",
        "DialerTask",
        r#"{"call":"{\"calldate\":\"2030-10-11 15:00:00\",\"campaign\":\"Ventas->\",\"destination\":\"099\",\"alternatives\":\"\",\"agent\":\"\",\"data\":\"a=1:b=2\",\"source\":\"\",\"bulk\":true,\"automatic\":false}"}"#,
    ),
    (
        "",
        "dialer schedule --campaign Ventas-> --destination 099 --at '2030-10-11 15:00:00' --agent-phone 1001 --alternative 098 --data a=1",
        "ScheduleDialerCall",
        r#"{"callschedule":"{\"calldate\":\"2030-10-11 15:00:00\",\"campaign\":\"Ventas->\",\"destination\":\"099\",\"alternatives\":\"098\",\"agentphone\":\"1001\",\"data\":\"a=1\"}"}"#,
    ),
    (
        "",
        "dialer respool --campaign Ventas-> --destination 099 --base b --contact 222 --alternative 098 --retries 1 --priority 5 --agent-phone 1001 --data a=1",
        "Respool",
        r#"{"callspool":"{\"campaign\":\"Ventas->\",\"destination\":\"099\",\"dialerbase\":\"b\",\"status\":1,\"data\":\"a=1\",\"alternatives\":\"098\",\"contact\":222,\"retries\":1,\"priority\":5,\"agentphone\":\"1001\"}"}"#,
    ),
    (
        "",
        "dialer remove --campaign Ventas-> --phone 099",
        "RemoveContact",
        r#"{"campaign":"Ventas->","number":"099"}"#,
    ),
    (
        "",
        "dialer unschedule --campaign Ventas-> --destination 099 --from '2030-10-11 00:00:00' --to '2030-10-11 23:59:59'",
        "RemoveScheduleDialerCall",
        r#"{"campaign":"Ventas->","destination":"099","from":"2030-10-11 00:00:00","to":"2030-10-11 23:59:59"}"#,
    ),
    (
        "Ventas->;098344484;var1=val1:var2=ñ;099124484:099111111;9999;1001\r\nVentas->;099;;\r\n\r\n",
        "dialer upload FILE --campaign Ventas-> --user supervisor",
        "uploadbase",
        r#"{"filename":"rows.csv","fileb64":"VmVudGFzLT47MDk4MzQ0NDg0O3ZhcjE9dmFsMTp2YXIyPcOxOzA5OTEyNDQ4NDowOTkxMTExMTE7OTk5OTsxMDAxClZlbnRhcy0+OzA5OTs7Cg==","campaign":"Ventas->","cant":"2","username":"supervisor"}"#,
    ),
    (
        "\u{feff}Destination,Data,Alternatives,Priority,AgentPhone,campaign\n098344484,var1=val1:var2=ñ,099124484:099111111,9999,1001,Ventas->\n099,,,,,Ventas->\n",
        "dialer upload FILE --campaign Ventas-> --timezone America/Montevideo --user supervisor",
        "uploadbasewithtimezone",
        r#"{"filename":"rows.csv","fileb64":"VmVudGFzLT47MDk4MzQ0NDg0O3ZhcjE9dmFsMTp2YXIyPcOxOzA5OTEyNDQ4NDowOTkxMTExMTE7OTk5OTsxMDAxClZlbnRhcy0+OzA5OTs7Cg==","campaign":"Ventas->","cant":"2","username":"supervisor","timezone":"America/Montevideo"}"#,
    ),
    (
        "",
        "sms send --campaign Avisos-> --destination 099 --message 'Hola, ¿sí?' --agent ana --source 2900",
        "SendSMSv2",
        r#"{"destination":"099","message":"Hola, ¿sí?","campaign":"Avisos->","agent":"ana","source":"2900"}"#,
    ),
    (
        "phone,text,priority\n099,\"Hola, tú\",5\n",
        "sms upload FILE --campaign Avisos->",
        "SMS/uploadbase",
        r#"{"filename":"rows.csv","fileb64":"QXZpc29zLT47MDk5O0hvbGEsIHTDujs1Cg==","campaign":"Avisos->"}"#,
    ),
    (
        "",
        "tag 8cf8570e-60e7-44ed-b799-3baab211b04d --phone 099 --text reclamo",
        "TagRecord",
        r#"{"phone":"099","guid":"8cf8570e-60e7-44ed-b799-3baab211b04d","data":"reclamo"}"#,
    ),
    (
        "",
        "disposition 8cf8570e-60e7-44ed-b799-3baab211b04d --campaign Ventas-> --agent ana --callerid 099 --level1 A --level2 B --level3 C --d1 d --d2 e --comment 'f g' --schedule '2030-10-11 15:00:00' --camptoreschedule Otra-> --tag t",
        "DispositionCall",
        r#"{"campaign":"Ventas->","agent":"ana","callerid":"099","guid":"8cf8570e-60e7-44ed-b799-3baab211b04d","l1":"A","l2":"B","l3":"C","d1":"d","d2":"e","comment":"f g","schedule":"2030-10-11 15:00:00","camptoreschedule":"Otra->","tag":"t"}"#,
    ),
];
