/** Registers the fields, and adds values to the tree of a packet. */
export const showing = String.raw`local most_items, most_levels, most_depth = 100000, 200, 64

local proto = Proto(protocol.name, protocol.title)
local registered, by_path = {}, {}
for kind, paths in pairs(fields) do
  by_path[kind] = {}
  for _, path in ipairs(paths) do
    local filter = protocol.name .. "." .. ((renamed[kind] or {})[path] or path)
    local label = path:match("[^.]*$")
    local field = ProtoField[kind](filter, label ~= "" and label or path)
    by_path[kind][path] = field
    registered[#registered + 1] = field
  end
end
proto.fields = registered

local malformed = ProtoExpert.new(
  protocol.name .. ".malformed", "Breaks the grammar", expert.group.MALFORMED, expert.severity.ERROR)
local unfinished = ProtoExpert.new(
  protocol.name .. ".unfinished", "Not all is shown", expert.group.REASSEMBLE, expert.severity.NOTE)
proto.experts = { malformed, unfinished }

local function field_of(kind, path)
  return path and by_path[kind] and by_path[kind][path]
end

local function inside(path, step)
  return path and (path == "" and step or path .. "." .. step)
end

local function keep(s, path, text)
  if s.kept and path then
    s.kept[path] = s.kept[path] or {}
    table.insert(s.kept[path], text)
  end
end

-- A value by itself. What has no path is shown, and cannot be filtered by.
local function put(s, tree, kind, path, label, range, value, text)
  keep(s, path, text)
  local field = field_of(kind, path)
  if field then
    return tree:add(field, range, value)
  end
  return tree:add(range, label .. ": " .. text)
end

-- A text as it lies in its bytes; range is nil where there are none. A zero byte would end it.
local function put_text(s, tree, path, label, range, raw, around)
  keep(s, path, raw)
  local field = field_of("string", path)
  if field and range and raw:find("\0", 1, true) then
    tree:add(field, range, (raw:gsub("\0", "\226\144\128")))
  elseif field and range then
    tree:add_packet_field(field, range, ENC_UTF_8)
  elseif field then
    tree:add(field, around, "")
  else
    tree:add(range or around, label .. ": " .. (range and range:string(ENC_UTF_8) or ""))
  end
end

-- A tree for what has parts, and whether it is a new one; finish says where it ends. Wireshark has so many levels only.
local function branch(s, tree, at, path, label)
  s.level = s.level + 1
  if s.level > most_levels then
    return tree
  end
  local field = field_of("none", path)
  if field then
    return tree:add(field, s.tvb(at, 0)):set_text(label)
  end
  return tree:add(s.tvb(at, 0), label)
end

local function finish(s, item, at)
  if s.level <= most_levels then
    item:set_len(s.pos - at)
  end
  s.level = s.level - 1
end

local function item_label(label, index)
  return string.format("%s[%d]", label, index)
end
`
