using System.Diagnostics;
using System.Globalization;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// How long a campaign runs and with which seed. In CI each has a short form; <c>UDSBROKER_FAULTS=long</c> gives the long one, of which
/// docs/reliability.md has the figures, <c>UDSBROKER_FAULTS_ROUNDS</c> any number of rounds, and <c>UDSBROKER_FAULTS_SEED</c> replays a seed.
/// </summary>
internal sealed class Campaign
{
    private readonly string _name;
    private readonly ITestOutputHelper? _output;

    private Campaign(string name, long rounds)
    {
        _name = name;
        _output = TestContext.Current.TestOutputHelper;
        Rounds = Setting("UDSBROKER_FAULTS_ROUNDS") ?? rounds;
        Seed = (int)(Setting("UDSBROKER_FAULTS_SEED") ?? Random.Shared.Next());
        Say($"seed {Seed}, {Rounds} rounds{(IsLong ? ", long form" : "")}");
    }

    /// <summary>True for the long form, which measures; the short one checks that nothing breaks.</summary>
    internal static bool IsLong { get; } = Environment.GetEnvironmentVariable("UDSBROKER_FAULTS") == "long";

    internal long Rounds { get; private set; }

    internal int Seed { get; }

    internal static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Begins a campaign of so many rounds.</summary>
    internal static Campaign Begin(string name, long inCi, long whenLong) => new(name, IsLong ? whenLong : inCi);

    /// <summary>
    /// The rounds one by one, and beyond their number until so much time has passed: for campaigns that are worth as much as they run. Rounds that were asked for
    /// by number are no more than that. <see cref="Rounds"/> says in the end how many there were.
    /// </summary>
    internal IEnumerable<long> RoundsFor(TimeSpan atLeast)
    {
        var clock = Stopwatch.StartNew();
        var isExact = Setting("UDSBROKER_FAULTS_ROUNDS") is not null;
        for (var round = 0L; round < Rounds || (!isExact && clock.Elapsed < atLeast); round++)
        {
            if (round >= Rounds) Rounds = round + 1;
            yield return round;
        }

        Say($"{Rounds} rounds in {clock.Elapsed.TotalSeconds:f0} s");
    }

    /// <summary>One figure of the campaign: into the test's output, and in the long form also into a file of figures.</summary>
    internal void Say(string figure)
    {
        var line = $"{_name}: {figure}";
        _output?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("UDSBROKER_FAULTS_FIGURES") is { Length: > 0 } file)
            File.AppendAllText(file, $"{DateTime.UtcNow.ToString("s", CultureInfo.InvariantCulture)} {line}\n");
    }

    /// <summary>Wraps a failure in what replays it.</summary>
    internal InvalidOperationException Replayable(long round, Exception failure, string detail = "") => new(
        $"{_name}, round {round} of seed {Seed} (UDSBROKER_FAULTS_SEED={Seed} replays it){detail}: {failure.Message}", failure);

    private static long? Setting(string name) =>
        long.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;
}
