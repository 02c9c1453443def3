using System.Diagnostics;
using UdsBroker.Broker.Tests.Actors;

namespace UdsBroker.Faults.Tests;

/// <summary>A publisher and a subscriber that mind their own business, and how long their messages take while others misbehave.</summary>
internal sealed class HonestPair : IDisposable
{
    private readonly RawClient _publisher;
    private readonly RawClient _subscriber;
    private long _number;

    private HonestPair(RawClient publisher, RawClient subscriber) => (_publisher, _subscriber) = (publisher, subscriber);

    internal static async Task<HonestPair> ConnectAsync(string socket)
    {
        var pair = new HonestPair(RawClient.Open(socket), RawClient.Open(socket));
        await pair._publisher.GreetAsync();
        await pair._subscriber.GreetAsync();
        await pair._subscriber.SubscribeAsync(1, "honest");
        await pair._subscriber.FenceAsync();
        return pair;
    }

    /// <summary>Sends one message after the other, each when the last has come, until it is enough; none may be lost. Returns the 99th percentile.</summary>
    internal async Task<TimeSpan> ExchangeAsync(Func<bool> isEnough)
    {
        var times = new List<TimeSpan>();
        while (!isEnough() || times.Count < 100)
        {
            var began = Stopwatch.GetTimestamp();
            await _publisher.PublishAsync("honest", $"{++_number}");
            Assert.Equal($"{_number}", Assert.Single(await _subscriber.ReceiveAsync()).Payload);
            times.Add(Stopwatch.GetElapsedTime(began));
        }

        times.Sort();
        return times[(int)(times.Count * 0.99)];
    }

    internal Task<TimeSpan> ExchangeAsync(TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        return ExchangeAsync(() => clock.Elapsed > duration);
    }

    public void Dispose()
    {
        _publisher.Dispose();
        _subscriber.Dispose();
    }
}
