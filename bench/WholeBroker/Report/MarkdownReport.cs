using System.Text;
using UdsBroker.Bench.Contenders;

namespace UdsBroker.Bench.Report;

/// <summary>The results as a page of Markdown.</summary>
internal static class MarkdownReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="results">What was measured.</param>
    /// <param name="conditions">One line each about the machine and the run.</param>
    /// <param name="picture">The file name of the picture beside the page.</param>
    internal static string Write(Results results, IEnumerable<string> conditions, string picture)
    {
        var text = new StringBuilder("# The broker beside its peers\n\nWritten by `bench/run`; edits are lost. How it measures is told in [performance.md](performance.md).\n\n");
        foreach (var condition in conditions) text.Append("- ").Append(condition).Append('\n');
        foreach (var failure in results.Failures) text.Append("- ").Append(failure).Append('\n');
        text.Append($"\n![throughput of each]({picture})\n\n");
        var ours = results.Contenders.FirstOrDefault(contender => contender is Udsb);
        var relay = results.Contenders.FirstOrDefault(contender => contender is Relay);
        text.Append("| | unit |").Append(string.Concat(results.Contenders.Select(contender => $" {contender.Name} |"))).Append(" to the best peer | to the relay |\n");
        text.Append("|---|---|").Append(string.Concat(results.Contenders.Select(_ => "---:|"))).Append("---:|---:|\n");
        foreach (var row in results.Rows)
        {
            text.Append($"| {row.Name} | {row.Unit} |");
            foreach (var contender in results.Contenders) text.Append($" {Figures.Of(results.Median(row, contender))} |");
            var value = ours is null ? double.NaN : results.Median(row, ours);
            var floor = relay is null ? double.NaN : results.Median(row, relay);
            text.Append($" {Figures.Ratio(Results.Ratio(row, value, results.BestPeer(row)))} | {Figures.Ratio(Results.Ratio(row, value, floor))} |\n");
        }

        return text.Append("\nA ratio above 1 means that UdsBroker is better, whatever the row measures.\n").ToString();
    }
}
