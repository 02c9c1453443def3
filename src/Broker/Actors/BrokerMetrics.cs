using System.Diagnostics.Metrics;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Routing;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Actors;

/// <summary>
/// The counts of the broker as instruments of the meter <c>UdsBroker</c>, for dotnet-counters and OpenTelemetry. All are observable
/// instruments: they cost nothing until a listener collects them. docs/presence.md lists them.
/// </summary>
internal sealed class BrokerMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    internal const string MeterName = "UdsBroker";

    private BrokerMetrics(BrokerLoad load, KeptMessages kept, Func<long> subscriptions)
    {
        var traffic = load.Traffic;
        Meter.CreateObservableUpDownCounter("udsbroker.connections.open", () => traffic.ConnectionsOpen, "{connection}", "Connections at this moment.");
        Meter.CreateObservableCounter("udsbroker.connections.accepted", () => traffic.ConnectionsAccepted, "{connection}", "Connections accepted, also those refused at once.");
        Meter.CreateObservableCounter("udsbroker.connections.ended", () => Ended(traffic), "{connection}", "Connections ended, by reason.");
        Meter.CreateObservableUpDownCounter("udsbroker.subscriptions", subscriptions, "{subscription}", "Subscriptions at this moment.");
        Meter.CreateObservableUpDownCounter("udsbroker.users", () => (long)load.Users.Count, "{user}", "Users who are connected.");
        Meter.CreateObservableUpDownCounter("udsbroker.memory.held", () => load.Memory.Bytes, "By", "Bytes that wait for clients, against udsbroker.memory.budget.");
        Meter.CreateObservableUpDownCounter("udsbroker.memory.budget", () => load.Memory.Bound, "By", "The bytes of the setting udsbroker.memory.budget.");
        Meter.CreateObservableCounter("udsbroker.limit.hits", () => Hits(traffic), "{hit}", "How often somebody was beyond a limit, by the key of its setting.");
        Meter.CreateObservableCounter("udsbroker.messages.published", () => traffic.Published, "{message}", "Messages routed, also those that matched nobody.");
        Meter.CreateObservableCounter("udsbroker.messages.matched", () => traffic.Matched, "{message}", "Deliveries made of them.");
        Meter.CreateObservableCounter("udsbroker.messages.dropped", () => Dropped(traffic), "{message}", "Deliveries dropped, by reason.");
        Meter.CreateObservableUpDownCounter("udsbroker.kept.messages", () => Kept(kept.Retained.Kept.Messages, kept.Delayed.Waiting.Messages), "{message}", "Messages retained and delayed for clients.");
        Meter.CreateObservableUpDownCounter("udsbroker.kept.bytes", () => Kept(kept.Retained.Kept.Bytes, kept.Delayed.Waiting.Bytes), "By", "The bytes of their frames.");
        Meter.CreateObservableCounter("udsbroker.kept.refused", () => Refused(kept), "{message}", "Messages for which there was no room, by whose bound it was.");
        Meter.CreateObservableCounter("udsbroker.datagrams.refused", () => traffic.DatagramsRefused, "{datagram}", "Datagrams not read: beyond their user's rate, or something was wrong with them.");
        Meter.CreateObservableCounter("udsbroker.bytes.received", () => traffic.BytesReceived, "By", "Bytes of frames received.");
        Meter.CreateObservableCounter("udsbroker.bytes.sent", () => traffic.BytesSent, "By", "Bytes that the kernel took for recipients.");
    }

    /// <summary>Makes the instruments; they are there until it is disposed.</summary>
    /// <param name="load">What is counted, held and for whom.</param>
    /// <param name="kept">What is retained and delayed.</param>
    /// <param name="subscriptions">How many subscriptions there are now.</param>
    internal static BrokerMetrics Open(BrokerLoad load, KeptMessages kept, Func<long> subscriptions) => new(load, kept, subscriptions);

    internal Meter Meter { get; } = new(MeterName);

    public void Dispose() => Meter.Dispose();

    private static IEnumerable<Measurement<long>> Kept(long retained, long delayed) => [Of(retained, "retained"), Of(delayed, "delayed")];

    private static IEnumerable<Measurement<long>> Refused(KeptMessages kept) =>
    [
        Of(kept.Retained.RefusedFor(KeptRoom.UserFull), "retained", "user"),
        Of(kept.Retained.RefusedFor(KeptRoom.BrokerFull), "retained", "broker"),
        Of(kept.Delayed.RefusedFor(KeptRoom.UserFull), "delayed", "user"),
        Of(kept.Delayed.RefusedFor(KeptRoom.BrokerFull), "delayed", "broker"),
    ];

    private static Measurement<long> Of(long value, string store) => new(value, new KeyValuePair<string, object?>("store", store));

    private static Measurement<long> Of(long value, string store, string bound) =>
        new(value, new KeyValuePair<string, object?>("store", store), new KeyValuePair<string, object?>("bound", bound));

    private static IEnumerable<Measurement<long>> Hits(Traffic traffic) =>
        from limit in LimitKeys.All
        select new Measurement<long>(traffic.HitsOf(limit), new KeyValuePair<string, object?>("limit", limit.ToKey()));

    private static IEnumerable<Measurement<long>> Ended(Traffic traffic) =>
        from reason in CloseReasons.All
        select new Measurement<long>(traffic.ConnectionsEndedFor(reason), new KeyValuePair<string, object?>("reason", reason.ToText()));

    private static IEnumerable<Measurement<long>> Dropped(Traffic traffic) =>
        from reason in DropReasons.All
        select new Measurement<long>(traffic.DroppedFor(reason), new KeyValuePair<string, object?>("reason", reason.ToText()));
}
