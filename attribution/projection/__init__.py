"""From events to read models: read facts, stitch people, cut journeys, add to the stores."""
