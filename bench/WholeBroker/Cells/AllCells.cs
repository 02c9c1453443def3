namespace UdsBroker.Bench.Cells;

/// <summary>Everything that is measured.</summary>
internal static class AllCells
{
    /// <param name="round">How long a round publishes.</param>
    /// <param name="idleConnections">How many connections are left idle to see what they cost.</param>
    /// <param name="users">The program that plays the users of the .NET client; null to leave them out.</param>
    internal static IReadOnlyList<Cell> Create(TimeSpan round, int idleConnections, string? users) =>
    [
        new ThroughputCell("16 B", new Traffic(16), round),
        new ThroughputCell("128 B", new Traffic(128), round, showsProcessorTime: true),
        new ThroughputCell("1 KiB", new Traffic(1024), round),
        new ThroughputCell("16 KiB", new Traffic(16384), round),
        new ThroughputCell("256 KiB", new Traffic(262144), round),
        new ThroughputCell("128 B to 8 subscribers", new Traffic(128, Subscribers: 8), round),
        new ThroughputCell("128 B to 64 subscribers", new Traffic(128, Subscribers: 64), round),
        new ThroughputCell("128 B from 8 publishers", new Traffic(128, Publishers: 8), round),
        new ThroughputCell("128 B, 64 subjects in turn, each subscribed", new Traffic(128, Subjects: 64), round),
        new ThroughputCell("128 B, 64 subjects in turn, one pattern", new Traffic(128, Subjects: 64, OnePattern: true), round),
        new ThroughputCell("128 B, 10,000 subjects in turn, one pattern", new Traffic(128, Subjects: 10_000, OnePattern: true), round),
        new LatencyCell(128, round),
        new LoadedLatencyCell(128, 100_000, round),
        new LoadedLatencyCell(128, null, round),
        new RequestCell(1, round),
        new RequestCell(64, round),
        new ConnectCell(round),
        new FairnessCell(8, round),
        new StartCell(),
        new IdleCell(idleConnections, TimeSpan.FromSeconds(2)),
        .. users is null ? [] : Users(users, round * 5),
    ];

    private static Cell[] Users(string program, TimeSpan time) =>
    [
        new UserTrafficCell(program, 16, 1, time),
        new UserTrafficCell(program, 128, 1, time),
        new UserTrafficCell(program, 1024, 1, time),
        new UserTrafficCell(program, 16384, 1, time),
        new UserTrafficCell(program, 262_144, 1, time),
        new UserTrafficCell(program, 128, 2, time),
        new UserTrafficCell(program, 128, 4, time),
        new UserRequestCell(program, 1, time),
        new UserRequestCell(program, 64, time),
    ];
}
