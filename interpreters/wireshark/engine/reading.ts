/** Reads words of eight bytes and values with a length, and reports the same issues as a codec. */
export const reading = String.raw`
-- Where a byte is in the message: frames have lengths between them.
local function offset_of(s, at)
  if not s.outer then
    return at - s.base
  end
  local moved = 8
  for i = #s.frames, 1, -1 do
    if s.frames[i][1] <= at then
      moved = s.frames[i][2]
      break
    end
  end
  return offset_of(s.outer, at + moved)
end

-- Wireshark cuts long items: what was expected comes last.
local function fail(s, tree, tag, at, expected, actual)
  error({ tree = tree, expert = malformed, text = string.format(
    "%s at byte %d: got %s, expected %s", tag, offset_of(s, at), actual, expected) }, 0)
end

local function stop(tree, text)
  error({ tree = tree, expert = unfinished, text = text }, 0)
end

local function ended(s, tree, at, wanted)
  if s.issue then
    error(s.issue, 0)
  elseif s.goes_on then
    stop(tree, "the message goes on in other packets")
  end
  local count = string.format("%d bytes", s.stop - at)
  if s.outer then
    fail(s, tree, "FramesEnd", at, wanted .. " before the end frame", count)
  end
  fail(s, tree, "UnexpectedEnd", at, wanted, count)
end

local function decimal(high, low)
  return tostring(UInt64.new(low, high))
end

local function in_hex(byte)
  return string.format("0x%x", byte)
end

-- Eight bytes: where they are, and both halves, as a number of Lua 5.2 is not exact beyond 2^53.
local function word(s, tree)
  local at = s.pos
  if s.stop - at < 8 then
    ended(s, tree, at, "8 bytes")
  end
  s.pos = at + 8
  return s.tvb(at, 8), s.tvb(at + 4, 4):le_uint(), s.tvb(at, 4):le_uint()
end

local function integer(s, node, tree)
  local at = s.pos
  local range, high, low = word(s, tree)
  local max = node.max
  if max and (high > max[1] or (high == max[1] and low > max[2])) then
    fail(s, tree, "OutOfRange", at, node.e, decimal(high, low))
  end
  if node.keep then
    high, low = 0, low % node.keep
  end
  return range, high, low
end

-- Padded bytes: where they are (nil where there are none), themselves, their length, and where they begin.
local function padded(s, tree)
  local at = s.pos
  local length_range, high, low = word(s, tree)
  local length = high * 4294967296 + low
  local whole = length + (8 - length % 8) % 8
  if s.stop - s.pos < whole then
    ended(s, tree, at, string.format("%.0f bytes", 8 + whole))
  end
  local start = s.pos
  for i = start + length, start + whole - 1 do
    local byte = s.tvb(i, 1):uint()
    if byte ~= 0 then
      fail(s, tree, "NonZeroPadding", i, "a zero byte", in_hex(byte))
    end
  end
  s.pos = start + whole
  local range = length > 0 and s.tvb(start, length) or nil
  return range, range and range:raw() or "", length_range, start
end

-- The first byte that is not of UTF-8, counted from 1; nil where all are.
local function wrong_byte(raw)
  local at = raw:find("[\128-\255]")
  while at do
    local a, b = raw:byte(at, at + 1)
    local more, least, most = 0, 0x80, 0xbf
    if a >= 0xc2 and a <= 0xdf then
      more = 1
    elseif a >= 0xe0 and a <= 0xef then
      more, least, most = 2, a == 0xe0 and 0xa0 or 0x80, a == 0xed and 0x9f or 0xbf
    elseif a >= 0xf0 and a <= 0xf4 then
      more, least, most = 3, a == 0xf0 and 0x90 or 0x80, a == 0xf4 and 0x8f or 0xbf
    end
    if more == 0 or not b or b < least or b > most then
      return at
    end
    for i = at + 2, at + more do
      local c = raw:byte(i)
      if not c or c < 0x80 or c > 0xbf then
        return at
      end
    end
    at = raw:find("[\128-\255]", at + more + 1)
  end
end

local function text(s, node, tree)
  local range, raw, around, start = padded(s, tree)
  local wrong = node.strict and wrong_byte(raw)
  if wrong then
    fail(s, tree, "NotUtf8", start, "UTF-8",
      string.format("%s (byte %d of the text)", in_hex(raw:byte(wrong)), wrong - 1))
  end
  return range, raw, around
end

-- A number or a word that says what follows.
local function mark(s, number, tree)
  local node = nodes[number]
  if node.k == "text" then
    local range, raw, around = text(s, node, tree)
    return range or around, raw
  end
  local range, high, low = integer(s, node, tree)
  return range, decimal(high, low)
end

local function printable(raw)
  return (raw:sub(1, 80):gsub("[^\32-\126]", "?"))
end
`
