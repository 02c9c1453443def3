using System.Diagnostics.Metrics;
using UdsBroker.Broker.Actors;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>What a listener to the meter sees is what was counted, under the names that are documented.</summary>
public sealed class BrokerMetricsTests
{
    [Fact]
    public void Every_count_is_an_instrument_with_its_reason_as_a_tag()
    {
        var load = new BrokerLoad(BrokerSettingsReader.Read(SettingsLayers.Load(null, null, [])), new MonotonicClock());
        var traffic = load.Traffic;
        traffic.ConnectionAccepted();
        traffic.ConnectionAccepted();
        traffic.ConnectionEnded(CloseReason.PeerGone);
        traffic.Received(bytes: 100, published: 7, matched: 9);
        traffic.Sent(50);
        traffic.Dropped(3, DropReason.Overflow);
        traffic.Hit(Limit.ListenerAcceptPause);
        load.Users.TryConnect(7)!.Memory.Add(2000);
        var broker = new CoreBroker(retained: new RetainedBounds(new KeptBound(10, 10_000), new KeptBound(1, 10_000)));
        broker.Connect().Send(Frames.Retained("a", "1"), Frames.Retained("b", "2"), Frames.Publish("c", "3", (KnownHeaders.Delay, "1000")));
        using var metrics = BrokerMetrics.Open(load, broker.Kept, () => 4);
        var seen = new SortedDictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == metrics.Meter) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var name = instrument.Name;
            foreach (var tag in tags) name += $"/{tag.Value}";
            if (value > 0) seen.Add(name, value);
        });
        listener.Start();

        listener.RecordObservableInstruments();

        Assert.Equal(BrokerMetrics.MeterName, metrics.Meter.Name);
        Assert.Equal(
            [
                ("udsbroker.bytes.received", 100), ("udsbroker.bytes.sent", 50), ("udsbroker.connections.accepted", 2), ("udsbroker.connections.ended/crashed", 1),
                ("udsbroker.connections.open", 1),
                ("udsbroker.kept.bytes/delayed", broker.Kept.Delayed.Waiting.Bytes), ("udsbroker.kept.bytes/retained", Frames.Retained("a", "1").Length),
                ("udsbroker.kept.messages/delayed", 1), ("udsbroker.kept.messages/retained", 1), ("udsbroker.kept.refused/retained/user", 1),
                ("udsbroker.limit.hits/listener.accept-pause", 1), ("udsbroker.memory.budget", 1 << 30), ("udsbroker.memory.held", 2000), ("udsbroker.messages.dropped/overflow", 3), ("udsbroker.messages.matched", 9),
                ("udsbroker.messages.published", 7), ("udsbroker.subscriptions", 4), ("udsbroker.users", 1),
            ],
            seen.Select(entry => (entry.Key, entry.Value)));
    }
}
