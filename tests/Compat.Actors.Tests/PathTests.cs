using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

/// <summary>Paths and addresses as texts, and their order.</summary>
public sealed class PathTests
{
    private static readonly ActorPath Root = new RootActorPath(new Address("akka", "s"));

    [Theory]
    [InlineData("akka://s", "akka://s/")]
    [InlineData("akka://s/user", "akka://s/user")]
    [InlineData("akka://s//user/", "akka://s/user")]
    [InlineData("AKKA://s/user", "akka://s/user")]
    [InlineData("akkax://s/user", "akkax://s/user")]
    [InlineData("akka:///user", "akka:///user")]
    [InlineData("akka://s/a b/..", "akka://s/a b/..")]
    [InlineData("akka.tcp://s@HOST:1/user", "akka.tcp://s@host:1/user")]
    [InlineData("akka.tcp://s@[::1]:5/user", "akka.tcp://s@[::1]:5/user")]
    public void A_text_that_begins_with_an_address_of_the_protocol_is_a_path(string text, string path)
    {
        Assert.Equal(path, ActorPath.Parse(text).ToString());
        Assert.True(ActorPath.TryParse(text, out var parsed));
        Assert.Equal(path, parsed.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/user")]
    [InlineData("user/a")]
    [InlineData("akka")]
    [InlineData("akka:/s/user")]
    [InlineData(" akka://s/user")]
    [InlineData("akk://s/user")]
    [InlineData("http://s/user")]
    [InlineData("akka.tcp://s@h/user")]
    [InlineData("akka.tcp://s@h:x/user")]
    [InlineData("akka.tcp://s@h:-1/user")]
    [InlineData("akka.tcp://s@h:1:2/user")]
    [InlineData("akka.tcp://s@[::1]/user")]
    public void Any_other_text_is_none(string text)
    {
        Assert.Throws<UriFormatException>(() => ActorPath.Parse(text));
        Assert.False(ActorPath.TryParse(text, out var parsed));
        Assert.Null(parsed);
        Assert.False(Address.TryParse(text, out _));
    }

    [Theory]
    [InlineData("akka://s/user/a#")]
    [InlineData("akka://s/user/a#x")]
    [InlineData("akka://s/user/a#1#2")]
    public void A_uid_that_is_no_number_is_an_error_even_where_one_only_tries(string text)
    {
        Assert.Throws<FormatException>(() => ActorPath.Parse(text));
        Assert.Throws<FormatException>(() => ActorPath.TryParse(text, out _));
    }

    [Fact]
    public void A_uid_is_read_from_the_last_name_only()
    {
        var path = ActorPath.Parse("akka://s/us#3/a#12");
        Assert.Equal(12, path.Uid);
        Assert.Equal("us#3", path.Parent.Name);
        Assert.Equal("akka://s/us#3/a#12", path.ToStringWithUid());
        Assert.Equal(9, (Root / "a#9").Uid);
    }

    [Fact]
    public void Names_are_read_onto_a_path_whatever_they_are()
    {
        Assert.True(ActorPath.TryParse(Root / "user", "a//b/", out var path));
        Assert.Equal("akka://s/user/a/b", path.ToString());
        Assert.True(ActorPath.TryParse(Root / "user", null, out path));
        Assert.Equal("akka://s/user", path.ToString());
    }

    [Fact]
    public void The_root_has_the_name_it_was_given_no_parent_and_no_uid()
    {
        var named = new RootActorPath(new Address("akka", "s"), "n");
        Assert.Equal("", Root.Name);
        Assert.Equal("n", named.Name);
        Assert.Equal("akka://s/", named.ToString());
        Assert.NotEqual(Root, named);
        Assert.Null(Root.Parent);
        Assert.Empty(Root.Elements);
        Assert.Same(Root, Root.WithUid(ActorCell.UndefinedUid));
        Assert.Throws<NotSupportedException>(() => Root.WithUid(1));
    }

    [Fact]
    public void The_last_name_orders_first_and_a_root_comes_last()
    {
        ActorPath[] paths = [Root, Root / "b", Root / "a" / "c", Root / "a", Root / "a" / "b", Root / "B"];
        Assert.Equal(
            ["akka://s/B", "akka://s/a", "akka://s/a/b", "akka://s/b", "akka://s/a/c", "akka://s/"],
            paths.Order().Select(path => path.ToString()));
        Assert.Equal(1, Root.CompareTo(null));
    }

    [Fact]
    public void A_path_takes_another_address_unless_its_own_can_be_reached_from_elsewhere()
    {
        var other = new Address("akka.tcp", "t", "h", 1);
        Assert.Equal("akka.tcp://t@h:1/a", (Root / "a").ToStringWithAddress(other));
        Assert.Equal("akka.tcp://t@h:1/a", (new RootActorPath(other) / "a").ToStringWithAddress(Root.Address));
        Assert.Equal("akka://s/a", (new RootActorPath(new Address("akka.tcp", "t", "h")) / "a").ToStringWithAddress(Root.Address));
    }

    [Theory]
    [InlineData("http://s/user", "http://s")]
    [InlineData("akka://s:5/user", "akka://s")]
    [InlineData("akka.tcp://s@h/user", "akka.tcp://s@h:-1")]
    public void An_address_is_read_from_any_uri(string text, string address) => Assert.Equal(address, Address.Parse(text).ToString());

    [Fact]
    public void Addresses_order_by_protocol_system_host_and_port()
    {
        Address[] addresses = [new("b", "s"), new("a", "s", "h", 10), new("a", "s", "h", 9), new("a", "t"), new("a", "s")];
        Assert.Equal(["a://s", "a://s@h:9", "a://s@h:10", "a://t", "b://s"], addresses.Order().Select(address => address.ToString()));
        Assert.Throws<ArgumentNullException>(() => addresses[0].CompareTo(null));
        Assert.Throws<ArgumentException>(() => ((IComparable)addresses[0]).CompareTo(null));
        Assert.Equal("a://s", new Address("a", "s", "", 1).ToString());
    }

    [Fact]
    public async Task A_selection_of_another_system_or_of_nothing_goes_to_dead_letters()
    {
        await using var test = new TestSystem("s", "");
        test.Run((_, _) => { }, "a");
        foreach (var path in new[] { "akka://other/user/a", "http://s/user/a", "", null })
            Assert.Equal(test.System.DeadLetters, test.System.ActorSelection(path).Anchor);
        Assert.Equal(test.System.DeadLetters, test.System.ActorSelection(ActorPath.Parse("akka://other/user/a")).Anchor);
        Assert.Equal("/user/a", test.System.ActorSelection("akka://other/user/a").PathString);
        Assert.Equal("/", test.System.ActorSelection("http://s/user/a").PathString);
    }

    [Fact]
    public async Task Dead_letters_are_nobody()
    {
        await using var test = new TestSystem();
        Assert.True(test.System.DeadLetters.IsNobody());
        Assert.True(ActorRefs.Nobody.IsNobody());
        Assert.True(((IActorRef?)null).IsNobody());
        Assert.False(test.CreateProbe().Ref.IsNobody());
    }
}
