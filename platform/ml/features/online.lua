-- How states are read and counted on in Redis; ml/features/step.py says the same in the same order
-- of operations. KEYS[1]: what the keys of a tenant's states begin with. ARGV: the events (a
-- MessagePack list), whether to count them ("1") or only to look ("0"), seconds a state is kept,
-- per entity the three it tells apart, the entities taken over from the latest click, per entity
-- the places of what is to be read. Names in
-- capitals are filled in from ml/features/layout.py.
local prefix, counting, kept = KEYS[1], ARGV[2] == "1", ARGV[3]
local events = cmsgpack.unpack(ARGV[1])
local counted, carried = cmsgpack.unpack(ARGV[4]), cmsgpack.unpack(ARGV[5])
local wanted, formats = cmsgpack.unpack(ARGV[6]), {}
for entity, places in ipairs(wanted) do formats[entity] = "<" .. string.rep("d", #places) end
local floor, max, min, abs = math.floor, math.max, math.min, math.abs
local NAN = 0 / 0

-- As in layout.py up to the sketches; then for each of the three when it began and what the one
-- before came to, then three lists of ids, then what is taken over. Most lists are short, and what
-- is short is quickly packed.
local blank = {}
for place = 1, SKETCHES + 5 do blank[place] = 0 end
for _, place in ipairs({UNSET}) do blank[place] = -1 end
for sketch = 0, 2 do blank[SKETCHES + 2 * sketch] = -1 end

local function fresh()
  local state = {unpack(blank)}
  for place = LISTS, LISTS + 2 do state[place] = {} end
  for place = LISTS + 3, LISTS + 2 + CARRIED do state[place] = 0 end
  return state
end

local function advance(state, head, bucket, ring, size, rings)
  local before = state[head]
  if before >= 0 and bucket <= before then return end
  local moved = size
  if before >= 0 then moved = bucket - before end
  for number = 0, rings - 1 do
    local start = ring + number * size
    for place = size - 1, 0, -1 do
      local source = place - moved
      state[start + place] = source >= 0 and state[start + source] or 0
    end
  end
  state[head] = bucket
end

local function different(ids)
  local count = #ids
  if count < SKETCH then return count end
  return (SKETCH - 1) / (ids[SKETCH] / LARGEST_ID)
end

local hour, day, week, today = 0, 0, 0, 0  -- of the event that is looked at

local function settle(state, at)
  if state[S_LAST] >= 0 and at - state[S_LAST] > REMEMBERED then
    for place = 1, SKETCHES + 5 do state[place] = blank[place] end
    for place = LISTS, LISTS + 2 do state[place] = {} end
  end
  advance(state, S_HOUR_HEAD, hour, HOUR_EVENTS, HOUR_SIZE, 2)
  advance(state, S_DAY_HEAD, day, DAY_EVENTS, DAY_SIZE, 2)
  advance(state, S_WEEK_HEAD, week, WEEK_EVENTS, WEEK_SIZE, 2)
  for number = 0, 2 do
    local sketch = SKETCHES + 2 * number
    if today > state[sketch] then
      local before = 0
      if today - state[sketch] == 1 then before = different(state[LISTS + number]) end
      state[sketch], state[sketch + 1], state[LISTS + number] = today, before, {}
    end
  end
end

local function saw(ids, who)
  local count = #ids
  if count == SKETCH and who >= ids[SKETCH] then return end
  local place = 1
  while place <= count and ids[place] < who do place = place + 1 end
  if ids[place] == who then return end
  table.insert(ids, place, who)
  if count == SKETCH then ids[SKETCH + 1] = nil end
end

local function since(at, past)
  if past >= 0 then return at - past end
  return NAN
end

local function six(state, ring)
  return state[ring] + state[ring + 1] + state[ring + 2] + state[ring + 3] + state[ring + 4]
    + state[ring + 5]
end

local function seven(state, ring)
  return six(state, ring) + state[ring + 6]
end

-- What is read where it is not the slot of that place itself.
local reads = {
  [1] = function(state, at) return since(at, state[S_FIRST]) end,
  [2] = function(state, at) return since(at, state[S_LAST]) end,
  [3] = function(state, at) return since(at, state[S_LAST_CLICK]) end,
  [4] = function(state, at) return since(at, state[S_LAST_IMPRESSION]) end,
  [5] = function(state, at) return since(at, state[S_LAST_INSTALL]) end,
  [6] = function(state) return state[S_CLICK_GAP] >= 0 and state[S_CLICK_GAP] or NAN end,
  [S_SESSION_START] = function(state, at) return since(at, state[S_SESSION_START]) end,
  [S_LAST_VALUE] = function(state)
    return state[S_LAST_VALUE] >= 0 and state[S_LAST_VALUE] or NAN
  end,
  [S_LATITUDE] = function(state) return state[S_PLACED] >= 0 and state[S_LATITUDE] or NAN end,
  [S_LONGITUDE] = function(state) return state[S_PLACED] >= 0 and state[S_LONGITUDE] or NAN end,
  [S_PLACED] = function(state, at) return since(at, state[S_PLACED]) end,
  [S_PLACED + 1] = function(state) return six(state, HOUR_EVENTS) end,
  [S_PLACED + 2] = function(state) return six(state, HOUR_CLICKS) end,
  [S_PLACED + 3] = function(state) return six(state, DAY_EVENTS) end,
  [S_PLACED + 4] = function(state) return six(state, DAY_CLICKS) end,
  [S_PLACED + 5] = function(state) return seven(state, WEEK_EVENTS) end,
  [S_PLACED + 6] = function(state) return seven(state, WEEK_CLICKS) end,
}
for number = 0, 2 do
  reads[S_PLACED + 7 + number] = function(state)
    return max(different(state[LISTS + number]), state[SKETCHES + 2 * number + 1])
  end
end

local function read(state, at, places)
  local reading = {}
  for number = 1, #places do
    local place = places[number]
    local own = reads[place]
    if own then reading[number] = own(state, at) else reading[number] = state[place] end
  end
  return reading
end

local function tally(state, head, bucket, ring, size)
  local late = state[head] - bucket
  if late < size then state[ring + late] = state[ring + late] + 1 end
end

local function follow(state, slot, gap)
  state[slot] = min(state[slot] + 1, FORGETTING)
  local off = gap - state[slot + 1]
  state[slot + 1] = state[slot + 1] + off / state[slot]
  state[slot + 2] = state[slot + 2] + (off * (gap - state[slot + 1]) - state[slot + 2]) / state[slot]
end

local function pace(state, at)
  if state[S_LAST] >= 0 then
    local gap, mean = max(at - state[S_LAST], 0), state[S_GAP_MEAN]
    if state[S_GAPS] >= 2 and abs(gap - mean) <= 0.1 * mean then
      state[S_REGULAR] = state[S_REGULAR] + 1
    end
    follow(state, S_GAPS, gap)
  end
  if state[S_LAST] < 0 or at - state[S_LAST] > SESSION_GAP then
    state[S_SESSION_START], state[S_SESSION_EVENTS] = at, 0
    state[S_SESSIONS] = state[S_SESSIONS] + 1
  end
  state[S_SESSION_EVENTS] = state[S_SESSION_EVENTS] + 1
  if state[S_FIRST] < 0 then state[S_FIRST] = at end
  state[S_LAST] = max(state[S_LAST], at)
  state[S_EVENTS] = state[S_EVENTS] + 1
end

local function clicked(state, at)
  if state[S_LAST_CLICK] >= 0 then
    local gap = max(at - state[S_LAST_CLICK], 0)
    state[S_CLICK_GAP] = gap
    follow(state, S_CLICK_GAPS, gap)
  end
  state[S_LAST_CLICK] = max(state[S_LAST_CLICK], at)
  state[S_CLICKS] = state[S_CLICKS] + 1
  tally(state, S_HOUR_HEAD, hour, HOUR_CLICKS, HOUR_SIZE)
  tally(state, S_DAY_HEAD, day, DAY_CLICKS, DAY_SIZE)
  tally(state, S_WEEK_HEAD, week, WEEK_CLICKS, WEEK_SIZE)
end

local function installed(state, at, ctit)
  state[S_LAST_INSTALL] = max(state[S_LAST_INSTALL], at)
  state[S_INSTALLS] = state[S_INSTALLS] + 1
  if ctit >= 0 then
    state[S_TIMED] = state[S_TIMED] + 1
    if ctit < FAST then state[S_TIMED_FAST] = state[S_TIMED_FAST] + 1 end
    if ctit < ONE_HOUR then state[S_TIMED_HOUR] = state[S_TIMED_HOUR] + 1 end
    if LATE_FROM <= ctit and ctit < LATE_TO then
      state[S_TIMED_LATE] = state[S_TIMED_LATE] + 1
    end
    local off = ctit - state[S_TIMED_MEAN]
    state[S_TIMED_MEAN] = state[S_TIMED_MEAN] + off / min(state[S_TIMED], FORGETTING)
  end
end

local function bought(state, value)
  state[S_CONVERSIONS] = state[S_CONVERSIONS] + 1
  if value > 0 then
    state[S_REVENUE] = state[S_REVENUE] + value
    if value == state[S_LAST_VALUE] then state[S_SAME_VALUE] = state[S_SAME_VALUE] + 1 end
    state[S_LAST_VALUE] = value
  end
end

-- An event: at, kind, value, flagged, latitude, longitude, ids.
local function count(state, event, ids, ctit, newcomer, others)
  local at, kind, value = event[1], event[2], event[3]
  if kind == K_LABEL then
    state[S_LABELLED] = state[S_LABELLED] + 1
    state[S_FRAUDS] = state[S_FRAUDS] + value
    return
  end
  pace(state, at)
  tally(state, S_HOUR_HEAD, hour, HOUR_EVENTS, HOUR_SIZE)
  tally(state, S_DAY_HEAD, day, DAY_EVENTS, DAY_SIZE)
  tally(state, S_WEEK_HEAD, week, WEEK_EVENTS, WEEK_SIZE)
  if kind == K_VIEW then
    state[S_VIEWS] = state[S_VIEWS] + 1
  elseif kind == K_IMPRESSION then
    state[S_LAST_IMPRESSION] = max(state[S_LAST_IMPRESSION], at)
    state[S_IMPRESSIONS] = state[S_IMPRESSIONS] + 1
  elseif kind == K_CLICK then
    clicked(state, at)
  elseif kind == K_INSTALL then
    installed(state, at, ctit)
  elseif kind == K_CONVERSION then
    bought(state, value)
  end
  state[S_NEWCOMERS] = state[S_NEWCOMERS] + newcomer
  state[S_FLAGGED] = state[S_FLAGGED] + event[4]
  if event[5] == event[5] then
    state[S_LATITUDE], state[S_LONGITUDE], state[S_PLACED] = event[5], event[6], at
  end
  for number = 1, 3 do
    local other = ids[others[number]]
    if other > 0 then saw(state[LISTS + number - 1], other) end
  end
end

local states = {}

local function state_of(entity, id)
  local key = prefix .. entity .. ":" .. string.format("%.0f", id)
  local state = states[key]
  if not state then
    local packed = redis.call("GET", key)
    state = packed and cmsgpack.unpack(packed) or fresh()
    states[key] = state
  end
  return state
end

local function observe(event)
  local at, kind, ids = event[1], event[2], event[7]
  local ctit, newcomer, subject = -1, 0, nil
  hour, day, week = floor(at / HOUR_STEP), floor(at / DAY_STEP), floor(at / WEEK_STEP)
  today = floor(at / SKETCH_SPAN)
  if ids[1] > 0 then
    subject = state_of(1, ids[1])
    settle(subject, at)
    if subject[S_FIRST] < 0 then newcomer = 1 end
    local last = subject[S_LAST_CLICK]
    if last >= 0 then
      if kind == K_INSTALL then ctit = max(at - last, 0) end
      if kind ~= K_CLICK and kind ~= K_IMPRESSION and kind ~= K_LABEL and at - last <= TOUCH then
        for number, entity in ipairs(carried) do
          if ids[entity] == 0 then ids[entity] = subject[LISTS + 2 + number] end
        end
      end
    end
  end
  local said = {struct.pack("<" .. string.rep("d", #ids), unpack(ids))}
  for entity = 1, #ids do
    if ids[entity] > 0 then
      local state = state_of(entity, ids[entity])
      settle(state, at)
      local places = wanted[entity]
      if #places > 0 then
        said[#said + 1] = struct.pack(formats[entity], unpack(read(state, at, places), 1, #places))
      end
      if counting then count(state, event, ids, ctit, newcomer, counted[entity]) end
    end
  end
  if counting and subject and kind == K_CLICK then
    for number, entity in ipairs(carried) do subject[LISTS + 2 + number] = ids[entity] end
  end
  return table.concat(said)
end

local answers = {}
for number, event in ipairs(events) do
  answers[number] = observe(event)
  if not counting then states = {} end
end
if counting then
  for key, state in pairs(states) do redis.call("SET", key, cmsgpack.pack(state), "EX", kept) end
end
return table.concat(answers)
