using UdsBroker.Broker.Tests.Transport;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>A real user: its credentials are those of the thread that connects.</summary>
internal sealed record RealUser(uint Uid, uint Gid, params uint[] Groups)
{
    /// <summary>The arguments that open a broker's socket and folder for everybody, so that rules alone decide.</summary>
    internal const string OpenToAll = "udsbroker.listener.mode=0666";

    internal bool IsIn(uint gid) => Gid == gid || Groups.Contains(gid);

    /// <summary>Connects as this user; skips the test where that cannot be done.</summary>
    internal RawClient Open(BrokerInProcess broker)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can be other users");
        File.SetUnixFileMode(broker.PathOf(""), (UnixFileMode)Convert.ToInt32("711", 8));
        return OtherUser.Run(Uid, Gid, Groups, () => RawClient.Open(broker.Socket));
    }

    internal async Task<RawClient> ConnectAsync(BrokerInProcess broker)
    {
        var client = Open(broker);
        await client.GreetAsync();
        return client;
    }
}
