"""The floor's own probes: services, processes, queues, projections, imports."""
