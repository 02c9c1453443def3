using UdsBroker.Broker.Access;
using UdsBroker.Broker.Settings;

namespace UdsBroker.Broker.Tests.Core;

/// <summary>Access rules for tests, written as an operator writes them.</summary>
internal static class AccessOfTest
{
    private static readonly AccessTable Open = new(Policy("", "allow"), new DenialsOfTest());

    /// <summary>A peer that may do all that a client can.</summary>
    internal static PeerAccess Everything(uint uid) => Open.For(new AccessPeer { Uid = uid });

    /// <summary>The rules between the brackets of <c>udsbroker.access.rules</c>.</summary>
    internal static AccessPolicy Policy(string rules, string otherwise = "deny") => BrokerSettingsReader.Read(SettingsLayers.Load(
        null, null, [$"udsbroker.access.rules=[{rules}]", $"udsbroker.access.default={otherwise}"])).Access.Policy;

    internal static AccessPeer Peer(uint? uid, params uint[] gids) => new() { Uid = uid, Gids = gids, Executable = "/bin/none", Unit = "" };
}

/// <summary>Remembers denials as text.</summary>
internal sealed class DenialsOfTest : IDenials
{
    internal List<string> Denied { get; } = [];

    void IDenials.Denied(AccessPeer peer, AccessVerbs verb, ReadOnlySpan<byte> subject, in AccessDecision decision) =>
        Denied.Add($"{peer} {verb} {System.Text.Encoding.UTF8.GetString(subject)}: {decision.Because}");
}
