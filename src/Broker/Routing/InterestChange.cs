using System.Globalization;
using System.Text;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>A change of the interest in one subject, or its state for new watchers.</summary>
/// <param name="Subject">The subject that is watched.</param>
/// <param name="Subscribers">How many subscriptions match it.</param>
/// <param name="ForAllWatchers">
/// True when the number changed from none to some or back, so that all watchers are told; otherwise only the new watchers are.
/// </param>
/// <param name="NewWatchers">Subscriptions that have just begun to watch.</param>
internal sealed record InterestChange(byte[] Subject, int Subscribers, bool ForAllWatchers, IReadOnlyList<Subscription> NewWatchers)
{
    /// <summary>The message: <c>{"subscribers":n}</c> on <c>$SYS.interest.&lt;subject&gt;</c>.</summary>
    internal byte[] Encode() => BrokerFrames.Encode(
        [.. ReservedSubjects.Interest, .. Subject],
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"subscribers":{{Subscribers}}}""")));
}
