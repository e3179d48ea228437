/**
 * Reads a value by the row of its node, and shows it. A walker gets the source, its row, the path and the label of the
 * value, the tree to add it to, and its number; it returns the value that a literal is compared with.
 */
export const walkers = `
local holds = {}

local function gate_holds(s, gate)
  return holds[gate[1]](s, gate)
end

function holds.since(s, gate)
  return s.version >= gate[2]
end

function holds.before(s, gate)
  return s.version < gate[2]
end

function holds.feature(s, gate)
  return s.features[gate[2]] == true
end

function holds.allOf(s, gate)
  for i = 2, #gate do
    if not gate_holds(s, gate[i]) then
      return false
    end
  end
  return true
end

function holds.anyOf(s, gate)
  for i = 2, #gate do
    if gate_holds(s, gate[i]) then
      return true
    end
  end
  return false
end

holds["not"] = function(s, gate)
  return not gate_holds(s, gate[2])
end

local walk = {}

local function visit(s, number, path, label, tree)
  s.budget.items = s.budget.items - 1
  if s.budget.items < 0 then
    stop(tree, string.format("there are more than %d values in the packet", most_items))
  end
  local node = nodes[number]
  return walk[node.k](s, node, path, label, tree, number)
end

function walk.int(s, node, path, label, tree)
  local range, high, low = integer(s, node, tree)
  local value = UInt64.new(low, high)
  put(s, tree, "uint64", path, label, range, value, tostring(value))
  return tostring(value)
end

function walk.version(s, node, path, label, tree)
  local range, _, low = integer(s, node, tree)
  local shown = string.format("%d.%d", math.floor(low / 256), low % 256)
  put(s, tree, "string", path, label, range, shown, shown)
  return shown
end

function walk.signed(s, node, path, label, tree)
  local at = s.pos
  local range, high, low = word(s, tree)
  local bound = 2 ^ (node.bits - 1)
  local fits = (high == 0 and low < bound) or (high == 4294967295 and low >= 4294967296 - bound)
  if node.bits < 64 and not fits then
    fail(s, tree, "InvalidValue", at, node.e, decimal(high, low))
  end
  local value = range:le_int64()
  put(s, tree, "int64", path, label, range, value, tostring(value))
  return tostring(value)
end

function walk.flags(s, node, path, label, tree)
  local at = s.pos
  local range, high, low = integer(s, node, tree)
  local item = branch(s, tree, at, path, label)
  local left = { high, low }
  for _, flag in ipairs(node.flags) do
    local half, mask = flag[2] == 1 and 1 or 2, flag[3]
    local is_set = left[half] % (mask * 2) >= mask
    if is_set then
      left[half] = left[half] - mask
    end
    put(s, item, "bool", inside(path, flag[1]), flag[1], range, is_set, tostring(is_set))
  end
  finish(s, item, at)
  if left[1] ~= 0 or left[2] ~= 0 then
    fail(s, tree, "InvalidValue", at, "no bit without a name", decimal(high, low))
  end
end

function walk.bool(s, node, path, label, tree)
  local range, high, low = integer(s, node, tree)
  local value = high ~= 0 or low ~= 0
  put(s, tree, "bool", path, label, range, value, tostring(value))
  return tostring(value)
end

function walk.bytes(s, node, path, label, tree)
  local range, around
  if node.padded then
    local _
    range, _, around = padded(s, tree)
  else
    local length = node.length or s.stop - s.pos
    if s.stop - s.pos < length then
      ended(s, tree, s.pos, string.format("%d bytes", length))
    end
    range = s.tvb(s.pos, length)
    s.pos = s.pos + length
  end
  local field = field_of("bytes", path)
  if field then
    tree:add(field, range or s.tvb(s.pos, 0))
  else
    tree:add(range or around, label)
  end
end

function walk.text(s, node, path, label, tree)
  local range, raw, around = text(s, node, tree)
  if raw == "" and node.optional then
    tree:add(around, label .. ": none")
  else
    put_text(s, tree, path, label, range, raw, around)
  end
  return raw
end

local function in_hex(value)
  return " (0x" .. UInt64(value):tohex(16):gsub("^0+(%x)", "%1") .. ")"
end

local function struct_fields(s, node, path, tree)
  for _, field in ipairs(node.fields) do
    local key, number, fixed = field[1], field[2], field[3]
    local at = s.pos
    local value = visit(s, number, not fixed and inside(path, key) or nil, key, tree)
    if fixed and fixed.value and value ~= nil and value ~= fixed.value then
      fail(s, tree, "UnexpectedValue", at, fixed.e, printable(tostring(value)) .. (fixed.hex and in_hex(value) or ""))
    end
  end
end

function walk.struct(s, node, path, label, tree)
  local at = s.pos
  local item = branch(s, tree, at, path, label)
  struct_fields(s, node, path, item)
  finish(s, item, at)
end

function walk.list(s, node, path, label, tree)
  local at = s.pos
  local item = branch(s, tree, at, nil, label)
  local i = 0
  if node.count then
    local _, high, low = integer(s, nodes[node.count], item)
    item:append_text(" (" .. decimal(high, low) .. ")")
    while i < high * 4294967296 + low do
      visit(s, node.of, path, item_label(label, i), item)
      i = i + 1
    end
  else
    while s.pos < s.stop do
      visit(s, node.of, path, item_label(label, i), item)
      i = i + 1
    end
  end
  finish(s, item, at)
end

function walk.map(s, node, path, label, tree)
  local at = s.pos
  local item = branch(s, tree, at, nil, label)
  local _, high, low = integer(s, nodes[node.count], item)
  item:append_text(" (" .. decimal(high, low) .. ")")
  local i = 0
  while i < high * 4294967296 + low do
    local from = s.pos
    local entry = branch(s, item, from, nil, item_label(label, i))
    visit(s, node.key, inside(path, "key"), "key", entry)
    visit(s, node.of, inside(path, "value"), "value", entry)
    finish(s, entry, from)
    i = i + 1
  end
  finish(s, item, at)
end

walk["until"] = function(s, node, path, label, tree)
  local at = s.pos
  local item = branch(s, tree, at, nil, label)
  local i = 0
  while true do
    local from = s.pos
    local _, tag = mark(s, node.mark, item)
    if tag == node.last then
      break
    elseif tag ~= node.more then
      fail(s, item, "UnknownTag", from, node.e, printable(tag))
    end
    visit(s, node.of, path, item_label(label, i), item)
    i = i + 1
  end
  finish(s, item, at)
end

local function put_tag(s, node, tree, path, label, range, tag)
  if nodes[node.tag].k == "text" then
    put_text(s, tree, path, label, tag ~= "" and range or nil, tag, range)
  else
    put(s, tree, "uint64", path, label, range, range:le_uint64(), tag)
  end
end

-- The name of the case is a step of the path: cases have fields of one name and several types.
local function tagged(s, node, path, label, tree, at, range, tag)
  local case = node.cases[tag]
  local name = case and case[1] or node.rest[1]
  local item = branch(s, tree, at, path, label)
  put(s, item, "string", inside(path, node.key), node.key, range, name, name)
  local below, body = inside(path, name), nil
  if case then
    body = case[2]
  else
    put_tag(s, node, item, inside(below, node.rest[2]), node.rest[2], range, tag)
    body = node.rest[3]
  end
  if body then
    struct_fields(s, nodes[body], below, item)
  end
  finish(s, item, at)
  return name
end

function walk.choice(s, node, path, label, tree)
  local at = s.pos
  local range, tag = mark(s, node.tag, tree)
  local case = node.cases[tag]
  if not (case or node.open or node.rest) then
    fail(s, tree, "UnknownTag", at, node.e, printable(tag))
  elseif node.key then
    return tagged(s, node, path, label, tree, at, range, tag)
  elseif tag == node.none then
    tree:add(range, label .. ": none")
  elseif case and case[2] then
    return visit(s, case[2], path, label, tree)
  elseif case then
    put(s, tree, "string", path, label, range, case[1], case[1]):append_text(" (" .. printable(tag) .. ")")
    return case[1]
  elseif node.none then
    put_tag(s, node, tree, path, label, range, tag)
  else
    put(s, tree, "string", path, label, range, tag, tag)
  end
  return tag
end

function walk.gated(s, node, path, label, tree)
  for _, arm in ipairs(node.arms) do
    if gate_holds(s, arm[1]) then
      return visit(s, arm[2], path, label, tree)
    end
  end
  return visit(s, node.otherwise, path, label, tree)
end

-- What is not sent and has a value all the same: Wireshark shows it in brackets.
function walk.pure(s, node, path, label, tree)
  local field = node.type and field_of(node.type, path)
  if field then
    local value = node.value
    if node.type == "uint64" then
      value = UInt64(value)
    end
    tree:add(field, s.tvb(s.pos, 0), value):set_generated()
  end
end

-- What is inside itself has the path of the first.
function walk.lazy(s, node, path, label, tree, number)
  if s.depth >= most_depth then
    fail(s, tree, "LimitExceeded", s.pos, string.format("at most %d (the depth limit)", most_depth),
      string.format("a depth of %d", most_depth + 1))
  end
  local before = s.open[number]
  s.open[number] = before or path
  s.depth = s.depth + 1
  local value = visit(s, node.of, s.open[number], label, tree)
  s.depth = s.depth - 1
  s.open[number] = before
  return value
end

-- The frames up to the end frame, in one piece.
function walk.framed(s, node, path, label, tree)
  local at = s.pos
  local item = branch(s, tree, at, nil, label)
  local pieces, frames, length, issue = {}, {}, 0, nil
  local ok, wrong = pcall(function()
    while true do
      local from = s.pos
      local _, high, low = word(s, item)
      if high > 0 or low > 67108864 then
        fail(s, item, "LimitExceeded", from, "at most 67108864 (the frame limit)",
          "a frame of " .. decimal(high, low) .. " bytes")
      elseif low == 0 then
        return
      elseif s.stop - s.pos < low then
        ended(s, item, from, string.format("%d bytes", 8 + low))
      end
      frames[#frames + 1] = { length, s.pos - length }
      pieces[#pieces + 1] = s.tvb(s.pos, low):raw()
      s.pos = s.pos + low
      length = length + low
    end
  end)
  if not ok and type(wrong) ~= "table" then
    error(wrong, 0)
  end
  local content = length > 0 and ByteArray.new(table.concat(pieces), true):tvb("Frames") or s.tvb
  local within = {
    tvb = content, pos = length > 0 and 0 or s.pos, stop = length > 0 and length or s.pos, base = 0,
    outer = s, frames = length > 0 and frames or { { 0, 0 } }, issue = not ok and wrong or nil,
    version = s.version, features = s.features,
    budget = s.budget, depth = s.depth, level = s.level, open = s.open, kept = s.kept,
  }
  visit(within, node.of, path, label, item)
  if not ok then
    error(wrong, 0)
  end
  finish(s, item, at)
end
`
