using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>The unit is read as systemd does; what a process can name itself, below its unit, never counts.</summary>
public sealed class SystemdUnitTests
{
    [Theory]
    [InlineData("0::/system.slice/sensor.service\n", "sensor.service")]
    [InlineData("0::/system.slice/sensor.service/trusted.service\n", "sensor.service")]
    [InlineData("0::/system.slice/system-getty.slice/getty@tty1.service\n", "getty@tty1.service")]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/app.slice/sensor.service\n", "user@1000.service")]
    [InlineData("0::/user.slice/user-1000.slice/session-3.scope\n", "session-3.scope")]
    [InlineData("0::/system.slice/_cpu.service\n", "cpu.service")]
    [InlineData("9:name=systemd:/system.slice/old.service\n4:memory:/elsewhere\n0::/\n", "old.service")]
    [InlineData("0::/\n", "")]
    [InlineData("0::/docker/0123456789ab\n", "")]
    [InlineData("0::/system.slice/.service\n", "")]
    [InlineData("0::/../sensor.service\n", null)]
    [InlineData("4:memory:/a.service\n", null)]
    [InlineData("", null)]
    public void The_first_component_behind_the_slices_is_the_unit(string cgroups, string? unit) => Assert.Equal(unit, SystemdUnit.Of(cgroups));

    [Fact]
    public void Accounts_are_found_by_name_and_with_their_groups()
    {
        Assert.Equal(0u, Accounts.FindUser("root"));
        Assert.Equal(0u, Accounts.FindGroup("root"));
        Assert.Null(Accounts.FindUser("no-such-user"));
        Assert.Null(Accounts.FindGroup("no-such-group"));
        Assert.Equal(0u, Accounts.GroupsOf(0)[0]);
        Assert.Empty(Accounts.GroupsOf(4_000_000_000));
    }
}
