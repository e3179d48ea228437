// A decoder behind the adapter protocol: rustc --edition 2021 -O -o adapter adapter.rs
mod decoder;
mod lines;
use decoder::{decode, encode, Refusal};
use lines::{answer_all, base64, unbase64, Question};

fn decoded(question: &Question) -> String {
    match decode(&unbase64(question.text("bytes"))) {
        Ok(items) => {
            let mut answer = r#""accepts":true"#.to_string();
            if question.wants("value") {
                let list = items.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
                answer += &format!(r#","value":[{list}]"#);
            }
            if question.wants("bytes") {
                answer += &format!(r#","bytes":"{}""#, base64(&encode(&items)));
            }
            answer
        }
        Err(Refusal(offset, message)) => format!(r#""accepts":false,"offset":{offset},"message":"{message}""#),
    }
}

fn encoded(question: &Question) -> String {
    let digits = question.list("value").split(',').filter(|item| !item.is_empty());
    let items: Vec<u64> = digits.map(|item| item.parse().unwrap()).collect();
    format!(r#""bytes":"{}""#, base64(&encode(&items)))
}

fn main() {
    answer_all(|question| match (question.text("do"), question.text("type")) {
        ("describe", _) => {
            let can = r#"["decode","value","bytes","offset","encode"]"#;
            format!(r#""adapter":1,"name":"list","types":["List<UInt64>"],"can":{can}"#)
        }
        (_, "List<UInt64>") if question.text("do") == "encode" => encoded(question),
        (_, "List<UInt64>") => decoded(question),
        _ => r#""skip":"only List<UInt64> is known""#.into(),
    });
}
