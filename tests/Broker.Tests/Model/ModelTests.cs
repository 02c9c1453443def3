namespace UdsBroker.Broker.Tests.Model;

/// <summary>
/// Thousands of random schedules through the functional core, each replayed by its seed alone: for every subscription received plus
/// missed is what was published while it was subscribed, in order, to the byte, with each gap at its place; the receipts of the
/// publishers add up to the same; nobody waits forever and every slab comes back.
/// </summary>
/// <remarks>
/// <c>UDSBROKER_MODEL_SEEDS=100000</c> runs so many seeds, <c>UDSBROKER_MODEL_SEEDS=4711-4711</c> those from and to: a failure names its seed.
/// <c>UDSBROKER_MODEL_STEPS=5000</c> makes each schedule so long; without it they have 20 to 200 steps.
/// </remarks>
public class ModelTests
{
    private const int SeedsByDefault = 4000;

    [Fact]
    public void Received_and_missed_is_what_was_published_on_every_schedule()
    {
        var (first, last) = Seeds();
        var steps = Steps();
        TestContext.Current.TestOutputHelper?.WriteLine($"seeds {first} to {last}, {(steps is { } number ? $"{number} steps" : "20 to 200 steps")} each");
        for (var seed = first; seed <= last; seed++)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            try
            {
                new ModelRun(seed, steps).Play();
            }
            catch (Exception failure)
            {
                var replay = $"UDSBROKER_MODEL_SEEDS={seed}-{seed}{(steps is null ? "" : $" UDSBROKER_MODEL_STEPS={steps}")}";
                throw new InvalidOperationException($"seed {seed} ({replay} replays it): {failure.Message}", failure);
            }
        }
    }

    [Fact]
    public void One_seed_is_one_run()
    {
        var (once, again) = (new ModelRun(42), new ModelRun(42));
        once.Play();
        again.Play();

        Assert.Equal(once.Transcript(), again.Transcript());
    }

    private static int? Steps() =>
        Environment.GetEnvironmentVariable("UDSBROKER_MODEL_STEPS") is { Length: > 0 } setting ? int.Parse(setting, provider: null) : null;

    private static (int First, int Last) Seeds()
    {
        var setting = Environment.GetEnvironmentVariable("UDSBROKER_MODEL_SEEDS");
        if (string.IsNullOrEmpty(setting)) return (1, SeedsByDefault);
        var parts = setting.Split('-');
        return parts.Length == 1 ? (1, int.Parse(parts[0], provider: null)) : (int.Parse(parts[0], provider: null), int.Parse(parts[1], provider: null));
    }
}
