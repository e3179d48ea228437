//! A decoder and an encoder of List<UInt64>. Put yours here.

pub struct Refusal(pub usize, pub &'static str);

fn integer(data: &[u8], at: usize) -> Result<u64, Refusal> {
    let bytes = data.get(at..at + 8).ok_or(Refusal(at, "expected 8 bytes"))?;
    Ok(u64::from_le_bytes(bytes.try_into().unwrap()))
}

pub fn decode(data: &[u8]) -> Result<Vec<u64>, Refusal> {
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

pub fn encode(items: &[u64]) -> Vec<u8> {
    let mut data = (items.len() as u64).to_le_bytes().to_vec();
    data.extend(items.iter().flat_map(|item| item.to_le_bytes()));
    data
}
