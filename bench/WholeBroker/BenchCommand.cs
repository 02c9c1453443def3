using System.CommandLine;
using System.Runtime.InteropServices;
using UdsBroker.Bench.Cells;
using UdsBroker.Bench.Contenders;
using UdsBroker.Bench.Report;

namespace UdsBroker.Bench;

/// <summary>The command line of the bench: what to measure, for how long, and where the results go.</summary>
internal static class BenchCommand
{
    private static readonly Option<string[]> Broker = new("--broker")
    {
        Description = "The udsbroker to measure: its path, or a command such as \"env NAME=VALUE path\". A second one is measured beside the first.",
        Required = true,
    };

    private static readonly Option<int> Rounds = new("--rounds") { Description = "Rounds of each cell.", DefaultValueFactory = _ => 5 };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "How long a round publishes.", DefaultValueFactory = _ => 0.7 };
    private static readonly Option<int> Idle = new("--idle-connections") { Description = "Idle connections whose memory is measured.", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<string?> Only = new("--only") { Description = "Only the cells whose name holds one of these texts, separated by |." };
    private static readonly Option<string?> Peers = new("--contenders") { Description = "Only contenders whose name holds one of these texts, separated by |." };
    private static readonly Option<string?> Users = new("--users") { Description = "The path of udsb-bench-user, to measure from .NET client to .NET client, too." };
    private static readonly Option<string?> Docs = new("--docs") { Description = "The folder to write benchmark.md and benchmark.svg to; nothing is written without it." };

    internal static int Run(string[] arguments)
    {
        var root = new RootCommand("Measures UdsBroker beside NATS, Redis, Mosquitto and a raw relay, whatever of them is installed.")
        {
            Broker, Rounds, Seconds, Idle, Only, Peers, Users, Docs,
        };
        root.SetAction(Measure);
        return root.Parse(arguments).Invoke();
    }

    private static int Measure(ParseResult parsed)
    {
        var ours = parsed.GetValue(Broker)!.Select((command, i) => new Udsb(i == 0 ? "UdsBroker" : $"UdsBroker {i + 1}", command));
        Contender[] all = [.. ours, new UdsbPackets(parsed.GetValue(Broker)![0]), new Nats(), new Redis(), new Mosquitto(), new Relay()];
        var wanted = all.Where(contender => IsNamed(contender.Name, parsed.GetValue(Peers))).ToList();
        var missing = wanted.Where(contender => contender.Missing is not null).Select(contender => $"{contender.Name} is left out: there is no {contender.Missing}").ToList();
        missing.ForEach(Console.WriteLine);
        var contenders = wanted.Where(contender => contender.Missing is null).ToList();
        var (rounds, seconds) = (parsed.GetValue(Rounds), parsed.GetValue(Seconds));
        using var contest = new Contest(contenders, rounds, Console.Out);
        contest.Start();
        foreach (var cell in AllCells.Create(TimeSpan.FromSeconds(seconds), parsed.GetValue(Idle), parsed.GetValue(Users)))
        {
            if (cell.Rows.Any(row => IsNamed(row.Name, parsed.GetValue(Only)))) contest.Run(cell);
        }

        string[] conditions =
        [
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}",
            $"medians of {rounds} rounds of {seconds:0.0#} s, contenders in turn; a window of 1 MiB between publishers and subscribers; every message arrived",
            .. missing,
        ];
        var page = MarkdownReport.Write(contest.Results, conditions, "benchmark.svg");
        Console.WriteLine(page);
        if (parsed.GetValue(Docs) is { } folder)
        {
            File.WriteAllText(Path.Combine(folder, "benchmark.md"), page);
            File.WriteAllText(Path.Combine(folder, "benchmark.svg"), SvgReport.Write(contest.Results));
        }

        return contest.Results.Failures.Count == 0 ? 0 : 1;
    }

    private static bool IsNamed(string name, string? texts) =>
        texts is null || texts.Split('|').Any(text => name.Contains(text, StringComparison.OrdinalIgnoreCase));
}
