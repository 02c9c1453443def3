namespace UdsBroker.Bench.Cells;

/// <summary>A row of the table.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">In what.</param>
/// <param name="MoreIsBetter">False for times and sizes.</param>
internal sealed record Row(string Name, string Unit, bool MoreIsBetter = true);
