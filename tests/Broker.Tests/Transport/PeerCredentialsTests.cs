using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>The kernel's placeholders for who it cannot name are never taken for somebody.</summary>
public class PeerCredentialsTests
{
    [Theory]
    [InlineData(12, 1000u, 1000u, 12, 1000u, 1000u)]
    [InlineData(12, 0u, 0u, 12, 0u, 0u)]
    [InlineData(0, 1000u, 1000u, null, 1000u, 1000u)]
    [InlineData(-1, 1000u, 1000u, null, 1000u, 1000u)]
    [InlineData(12, 65534u, 65534u, 12, null, null)]
    public void Zero_pid_and_the_overflow_ids_are_unknown(int pid, uint uid, uint gid, int? knownPid, uint? knownUid, uint? knownGid) =>
        Assert.Equal(new PeerCredentials(knownPid, knownUid, knownGid), PeerCredentials.Of(pid, uid, gid));

    [Fact]
    public void A_process_that_is_gone_or_unknown_has_no_executable()
    {
        Assert.Null(new PeerCredentials(int.MaxValue, 0, 0).FindExecutable());
        Assert.Null(new PeerCredentials(null, 0, 0).FindExecutable());
    }
}
