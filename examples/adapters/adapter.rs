// A decoder of List<UInt64> behind the adapter protocol: rustc -O adapter.rs
use std::io::{BufRead, BufReader, BufWriter, Write};

struct Refusal(usize, &'static str);

fn integer(data: &[u8], at: usize) -> Result<u64, Refusal> {
    let bytes = data.get(at..at + 8).ok_or(Refusal(at, "expected 8 bytes"))?;
    Ok(u64::from_le_bytes(bytes.try_into().unwrap()))
}

/// Put a decoder of yours here.
fn decode(data: &[u8]) -> Result<Vec<u64>, Refusal> {
    let count = integer(data, 0)?;
    if count > data.len() as u64 / 8 {
        return Err(Refusal(0, "more items than bytes"));
    }
    let items = (0..count as usize).map(|i| integer(data, 8 + 8 * i)).collect::<Result<Vec<_>, _>>()?;
    let end = 8 + 8 * items.len();
    if end != data.len() {
        return Err(Refusal(end, "bytes behind the list"));
    }
    Ok(items)
}

fn encode(items: &[u64]) -> Vec<u8> {
    let mut data = (items.len() as u64).to_le_bytes().to_vec();
    data.extend(items.iter().flat_map(|item| item.to_le_bytes()));
    data
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(data: &[u8]) -> String {
    let mut text = String::new();
    for chunk in data.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, i| bits << 8 | *chunk.get(i).unwrap_or(&0) as u32);
        for i in 0..4 {
            text.push(if i > chunk.len() { '=' } else { ALPHABET[(bits >> (18 - 6 * i) & 63) as usize] as char });
        }
    }
    text
}

fn unbase64(text: &str) -> Vec<u8> {
    let (mut data, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for symbol in text.bytes().take_while(|&symbol| symbol != b'=') {
        bits = bits << 6 | ALPHABET.iter().position(|&each| each == symbol).unwrap() as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            data.push((bits >> count) as u8);
        }
    }
    data
}

/// What stands behind a key, up to one of the ends: enough for the questions of nix-wire.
fn field<'a>(line: &'a str, key: &str, ends: &[char]) -> &'a str {
    let key = format!("\"{key}\":");
    let Some(at) = line.find(&key) else { return "" };
    let rest = &line[at + key.len()..];
    let rest = rest.strip_prefix(['"', '[']).unwrap_or(rest);
    &rest[..rest.find(ends).unwrap_or(rest.len())]
}

fn answer(line: &str) -> String {
    if field(line, "do", &['"']) == "describe" {
        let can = r#"["decode","value","bytes","offset","encode"]"#;
        return format!(r#""adapter":1,"name":"list","types":["List<UInt64>"],"can":{can}"#);
    }
    if field(line, "type", &['"']) != "List<UInt64>" {
        return r#""skip":"only List<UInt64> is known""#.into();
    }
    if field(line, "do", &['"']) == "encode" {
        let digits = field(line, "value", &[']']).split(',').filter(|item| !item.is_empty());
        let items: Vec<u64> = digits.map(|item| item.parse().unwrap()).collect();
        return format!(r#""bytes":"{}""#, base64(&encode(&items)));
    }
    match decode(&unbase64(field(line, "bytes", &['"']))) {
        Ok(items) => {
            let list = items.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
            format!(r#""accepts":true,"value":[{list}],"bytes":"{}""#, base64(&encode(&items)))
        }
        Err(Refusal(offset, message)) => {
            format!(r#""accepts":false,"offset":{offset},"message":"{message}""#)
        }
    }
}

fn main() {
    let mut output = BufWriter::new(std::io::stdout());
    let mut input = BufReader::new(std::io::stdin());
    let mut line = String::new();
    while input.read_line(&mut line).unwrap() > 0 {
        let id = field(&line, "id", &[',']);
        writeln!(output, "{{\"id\":{id},{}}}", answer(&line)).unwrap();
        // The next question may be there already.
        if input.buffer().is_empty() {
            output.flush().unwrap();
        }
        line.clear();
    }
}
