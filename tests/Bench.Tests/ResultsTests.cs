using UdsBroker.Bench.Cells;
using UdsBroker.Bench.Contenders;
using UdsBroker.Bench.Report;

namespace UdsBroker.Bench.Tests;

public sealed class ResultsTests
{
    private static readonly Row Speed = new("speed", "messages/s");
    private static readonly Row Time = new("time", "us", MoreIsBetter: false);

    [Fact]
    public void The_median_of_all_rounds_is_told_and_what_does_not_apply_is_left_out()
    {
        var (nats, redis, relay) = (new Nats(), new Redis(), new Relay());
        var results = new Results([nats, redis, relay]);
        foreach (var value in new[] { 5, 1, 3, double.NaN }) results.Add(Speed, nats, value);
        results.Add(Speed, redis, 2);
        results.Add(Speed, relay, 100);
        Assert.Equal(3, results.Median(Speed, nats));
        Assert.Equal(3, results.BestPeer(Speed));
        Assert.True(double.IsNaN(results.Median(Time, nats)));
    }

    [Fact]
    public void The_best_of_times_is_the_least_and_a_ratio_above_one_is_always_better()
    {
        var (nats, redis) = (new Nats(), new Redis());
        var results = new Results([nats, redis]);
        results.Add(Time, nats, 40);
        results.Add(Time, redis, 20);
        Assert.Equal(20, results.BestPeer(Time));
        Assert.Equal(2, Results.Ratio(Time, ours: 10, results.BestPeer(Time)));
        Assert.Equal(2, Results.Ratio(Speed, ours: 10, other: 5));
    }

    [Theory]
    [InlineData(12_345_678, "12.3 M")]
    [InlineData(45_678, "45.7 k")]
    [InlineData(4567.8, "4,568")]
    [InlineData(12.34, "12.3")]
    [InlineData(0.1234, "0.12")]
    [InlineData(double.NaN, "")]
    public void Numbers_have_three_digits_that_count(double value, string text) => Assert.Equal(text, Figures.Of(value));
}
