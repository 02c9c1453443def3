using UdsBroker.Bench.Cells;
using UdsBroker.Bench.Contenders;
using UdsBroker.Bench.Report;

namespace UdsBroker.Bench;

/// <summary>
/// Runs cells against contenders. Within a cell they take turns, a short round each, and every round begins with a different one, so that
/// other load on the machine affects all of them alike.
/// </summary>
internal sealed class Contest(IReadOnlyList<Contender> contenders, int rounds, TextWriter progress) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("udsb-bench-").FullName;
    private readonly List<BrokerProcess> _brokers = [];
    private int _folders;

    internal Results Results { get; } = new(contenders);

    /// <summary>Starts all contenders.</summary>
    internal void Start() => _brokers.AddRange(contenders.Select(StartFresh));

    internal void Run(Cell cell)
    {
        var isOut = new HashSet<BrokerProcess>();
        foreach (var broker in _brokers) Try(broker, cell, isOut, () => cell.WarmUp(broker));
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < _brokers.Count; i++)
            {
                var broker = _brokers[(round + i) % _brokers.Count];
                if (isOut.Contains(broker)) continue;
                Try(broker, cell, isOut, () =>
                {
                    var values = cell.Measure(broker, () => StartFresh(broker.Contender));
                    for (var row = 0; row < values.Length; row++) Results.Add(cell.Rows[row], broker.Contender, values[row]);
                });
            }
        }

        foreach (var row in cell.Rows)
            progress.WriteLine($"{row.Name} ({row.Unit}): {string.Join(", ", contenders.Select(c => $"{c.Name} {Figures.Of(Results.Median(row, c))}"))}");
    }

    public void Dispose()
    {
        _brokers.ForEach(broker => broker.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private void Try(BrokerProcess broker, Cell cell, HashSet<BrokerProcess> isOut, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or System.ComponentModel.Win32Exception or AggregateException)
        {
            isOut.Add(broker);
            var failure = $"{broker.Contender.Name} failed in \"{cell.Rows[0].Name}\": {e.Message}";
            Results.Failures.Add(failure);
            progress.WriteLine(failure);
        }
    }

    private BrokerProcess StartFresh(Contender contender) =>
        contender.Start(Directory.CreateDirectory(Path.Combine(_folder, $"{++_folders}")).FullName);
}
