/** Reads the header of a packet, and then the bytes after it as the header says. */
export const packets = `
local by_type = {}
for _, message in ipairs(messages) do
  by_type[message.type] = by_type[message.type] or {}
  table.insert(by_type[message.type], message)
end

-- The one that says most of what the header says.
local function message_of(given)
  local found, most = nil, -1
  for _, message in ipairs(by_type[given.type] or {}) do
    local says = 0
    for _, key in ipairs({ "operation", "major", "side" }) do
      if message[key] ~= nil then
        says = message[key] == given[key] and says + 1 or -4
      end
    end
    if says > most then
      found, most = message, says
    end
  end
  return found
end

local function reader(tvb, at)
  return {
    tvb = tvb, pos = at, base = at, stop = tvb:len(), version = 0, features = {},
    budget = { items = most_items }, depth = 0, level = 0, open = {},
  }
end

-- What is wrong with a message stands where it was read, and ends the reading.
local function attempt(walker)
  local ok, issue = pcall(walker)
  if not ok then
    if type(issue) ~= "table" then
      error(issue, 0)
    end
    issue.tree:add_proto_expert_info(issue.expert, issue.text)
  end
  return ok
end

local function first(kept, key)
  return kept[key] and kept[key][1] or ""
end

function proto.dissector(tvb, pinfo, tree)
  pinfo.cols.protocol = protocol.title
  local top = tree:add(proto, tvb())
  local s = reader(tvb, 0)
  s.kept = {}
  local head = top:add(tvb(0, 0), "packet")
  if not attempt(function() struct_fields(s, nodes[header], "", head) end) then
    return tvb:len()
  end
  head:set_len(s.pos)
  local side, operation, kind = first(s.kept, "side"), first(s.kept, "operation"), first(s.kept, "type")
  local event, part = first(s.kept, "event"), first(s.kept, "part")
  if event ~= "Bytes" then
    pinfo.cols.info = side .. ": " .. event
    return tvb:len()
  end
  local about = operation .. (operation ~= "" and kind ~= "" and ", " or "") .. kind
  local about_side = printable(side .. (about ~= "" and ": " or "") .. about)
  pinfo.cols.info = about_side
  top:append_text(", " .. printable(about ~= "" and about or "bytes"))

  local body = reader(tvb, s.pos)
  body.version = tonumber(first(s.kept, "version")) or 0
  for _, feature in ipairs(s.kept.features or {}) do
    body.features[feature] = true
  end
  local message = message_of({
    type = kind, operation = operation, side = side, major = math.floor(body.version / 256),
  })
  if message and (part == "Whole" or part == "First") then
    body.goes_on = part == "First"
    attempt(function()
      local value = visit(body, message.node, message.path, message.path:match("[^.]*$"), top)
      if value then
        pinfo.cols.info = about_side .. " " .. printable(value)
      end
      if body.pos < body.stop then
        fail(body, top, "TrailingBytes", body.pos, "the end of the message",
          string.format("%d more bytes", body.stop - body.pos))
      end
    end)
  elseif body.pos < body.stop then
    top:add(by_path.bytes.data, tvb(body.pos))
  end
  return tvb:len()
end
`
