namespace UdsBroker.Bench.Cells;

/// <summary>A row of the table.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">The unit of the values.</param>
/// <param name="MoreIsBetter">False for times and sizes.</param>
internal sealed record Row(string Name, string Unit, bool MoreIsBetter = true);
