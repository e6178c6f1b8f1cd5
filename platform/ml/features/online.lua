-- How states are read and counted on in Redis; ml/features/step.py says the same in the same order
-- of operations. KEYS[1]: what the keys of a tenant's states begin with. ARGV: the events (a
-- MessagePack list), whether to count them ("1") or only to look ("0"), seconds a state is kept.
-- Names in capitals are filled in by ml/features/online.py: places and settings from
-- ml/features/layout.py, per entity the three it tells apart, what is taken over from the latest
-- click, and how what is wanted of each entity is read. Windows, gaps and lists of ids that nobody
-- reads are not kept: they are most of a state, and of the time it takes.
local prefix, counting, kept = KEYS[1], ARGV[2] == "1", ARGV[3]
local events = cmsgpack.unpack(ARGV[1])
local counted, carried = COUNTED, TAKEN_OVER
-- Per entity: which of its windows, gaps and lists are kept.
local tracked = TRACKED
local floor, max, min, abs, pack = math.floor, math.max, math.min, math.abs, struct.pack
local NAN = 0 / 0

-- A state is as in layout.py up to the sketches; then for each of the three when it began and what
-- the one before came to, then three lists of ids, then what is taken over. Most of a state is as it
-- was at first: that is not kept, but looked up here. So is no list of ids while it has none.
local blank, none = {}, {}
for place = 1, LISTS + 2 + CARRIED do blank[place] = 0 end
for _, place in ipairs({UNSET}) do blank[place] = -1 end
for sketch = 0, 2 do blank[SKETCHES + 2 * sketch] = -1 end
for place = LISTS, LISTS + 2 do blank[place] = none end
local sparse = {__index = blank}

local function advance(state, head, bucket, ring, size, rings)
  local before = state[head]
  state[head] = bucket
  if before < 0 then return end  -- nothing is in it yet
  local moved = bucket - before
  for number = 0, rings - 1 do
    local start = ring + number * size
    for place = size - 1, 0, -1 do
      local source = place - moved
      local count = source >= 0 and state[start + source] or 0
      state[start + place] = count ~= 0 and count or nil
    end
  end
end

local function different(ids)
  local count = #ids
  if count < SKETCH then return count end
  return (SKETCH - 1) / (ids[SKETCH] / LARGEST_ID)
end

local hour, day, week, today = 0, 0, 0, 0  -- of the event that is looked at

local function settle(state, at, tracks)
  if state[S_LAST] >= 0 and at - state[S_LAST] > REMEMBERED then
    for place = 1, LISTS + 2 do state[place] = nil end
  end
  if tracks.hour and hour > state[S_HOUR_HEAD] then
    advance(state, S_HOUR_HEAD, hour, HOUR_EVENTS, HOUR_SIZE, 2)
  end
  if tracks.day and day > state[S_DAY_HEAD] then
    advance(state, S_DAY_HEAD, day, DAY_EVENTS, DAY_SIZE, 2)
  end
  if tracks.week and week > state[S_WEEK_HEAD] then
    advance(state, S_WEEK_HEAD, week, WEEK_EVENTS, WEEK_SIZE, 2)
  end
  local lists = tracks.lists
  for place = 1, #lists do
    local number = lists[place]
    local sketch = SKETCHES + 2 * number
    local began = state[sketch]
    if today > began then
      local before = nil
      if today - began == 1 then before = different(state[LISTS + number]) end
      state[sketch], state[sketch + 1], state[LISTS + number] = today, before, nil
    end
  end
end

local function saw(state, list, who)
  local ids = state[list]
  local count = #ids
  if count == 0 then
    state[list] = {who}
    return
  end
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

local function known(past)
  if past >= 0 then return past end
  return NAN
end

local function distinct(state, number)
  return max(different(state[LISTS + number]), state[SKETCHES + 2 * number + 1])
end

-- By entity, what is wanted of a state as doubles, and as much that nobody knows.
local readers, unknown = {READERS}, {UNKNOWN}

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

local function pace(state, at, tracks)
  if tracks.gaps and state[S_LAST] >= 0 then
    local gap, mean = max(at - state[S_LAST], 0), state[S_GAP_MEAN]
    if state[S_GAPS] >= 2 and abs(gap - mean) <= 0.1 * mean then
      state[S_REGULAR] = state[S_REGULAR] + 1
    end
    follow(state, S_GAPS, gap)
  end
  if tracks.sessions then
    if state[S_LAST] < 0 or at - state[S_LAST] > SESSION_GAP then
      state[S_SESSION_START], state[S_SESSION_EVENTS] = at, 0
      state[S_SESSIONS] = state[S_SESSIONS] + 1
    end
    state[S_SESSION_EVENTS] = state[S_SESSION_EVENTS] + 1
  end
  if state[S_FIRST] < 0 then state[S_FIRST] = at end
  state[S_LAST] = max(state[S_LAST], at)
  state[S_EVENTS] = state[S_EVENTS] + 1
end

local function clicked(state, at, tracks)
  if tracks.clicks and state[S_LAST_CLICK] >= 0 then
    local gap = max(at - state[S_LAST_CLICK], 0)
    state[S_CLICK_GAP] = gap
    follow(state, S_CLICK_GAPS, gap)
  end
  state[S_LAST_CLICK] = max(state[S_LAST_CLICK], at)
  state[S_CLICKS] = state[S_CLICKS] + 1
  if tracks.hour then tally(state, S_HOUR_HEAD, hour, HOUR_CLICKS, HOUR_SIZE) end
  if tracks.day then tally(state, S_DAY_HEAD, day, DAY_CLICKS, DAY_SIZE) end
  if tracks.week then tally(state, S_WEEK_HEAD, week, WEEK_CLICKS, WEEK_SIZE) end
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
local function count(state, event, ids, ctit, newcomer, others, tracks)
  local at, kind, value = event[1], event[2], event[3]
  if kind == K_LABEL then
    state[S_LABELLED] = state[S_LABELLED] + 1
    state[S_FRAUDS] = state[S_FRAUDS] + value
    return
  end
  pace(state, at, tracks)
  if tracks.hour then tally(state, S_HOUR_HEAD, hour, HOUR_EVENTS, HOUR_SIZE) end
  if tracks.day then tally(state, S_DAY_HEAD, day, DAY_EVENTS, DAY_SIZE) end
  if tracks.week then tally(state, S_WEEK_HEAD, week, WEEK_EVENTS, WEEK_SIZE) end
  if kind == K_VIEW then
    state[S_VIEWS] = state[S_VIEWS] + 1
  elseif kind == K_IMPRESSION then
    state[S_LAST_IMPRESSION] = max(state[S_LAST_IMPRESSION], at)
    state[S_IMPRESSIONS] = state[S_IMPRESSIONS] + 1
  elseif kind == K_CLICK then
    clicked(state, at, tracks)
  elseif kind == K_INSTALL then
    installed(state, at, ctit)
  elseif kind == K_CONVERSION then
    bought(state, value)
  end
  if newcomer > 0 then state[S_NEWCOMERS] = state[S_NEWCOMERS] + newcomer end
  if event[4] > 0 then state[S_FLAGGED] = state[S_FLAGGED] + event[4] end
  if tracks.place and event[5] == event[5] then
    state[S_LATITUDE], state[S_LONGITUDE], state[S_PLACED] = event[5], event[6], at
  end
  local lists = tracks.lists
  for place = 1, #lists do
    local number = lists[place]
    local other = ids[others[number + 1]]
    if other > 0 then saw(state, LISTS + number, other) end
  end
end

local states, keys = {}, {}
local function forget()
  for entity = 1, #counted do states[entity] = {} end
end

local function state_of(entity, id)
  local state = states[entity][id]
  if not state then
    local key = prefix .. entity .. ":" .. string.format("%.0f", id)
    local packed = redis.call("GET", key)
    state = setmetatable(packed and cmsgpack.unpack(packed) or {}, sparse)
    states[entity][id], keys[state] = state, key
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
    settle(subject, at, tracked[1])
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
  local said = {pack(IDS, unpack(ids))}
  for entity = 1, #ids do
    if ids[entity] == 0 then
      said[entity + 1] = unknown[entity]
    else
      local state, tracks = state_of(entity, ids[entity]), tracked[entity]
      settle(state, at, tracks)
      said[entity + 1] = readers[entity](state, at)
      if counting then count(state, event, ids, ctit, newcomer, counted[entity], tracks) end
    end
  end
  if counting and subject and kind == K_CLICK then
    for number, entity in ipairs(carried) do subject[LISTS + 2 + number] = ids[entity] end
  end
  return table.concat(said)
end

forget()
local answers = {}
for number, event in ipairs(events) do
  answers[number] = observe(event)
  if not counting then forget() end
end
if counting then
  for state, key in pairs(keys) do redis.call("SET", key, cmsgpack.pack(state), "EX", kept) end
end
return table.concat(answers)
