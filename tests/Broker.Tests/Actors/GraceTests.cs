using UdsBroker.Broker.Actors;

namespace UdsBroker.Broker.Tests.Actors;

public class GraceTests
{
    [Fact]
    public void Who_does_not_read_closes_at_the_end_of_its_time() => Assert.True(new Grace().End(isStuck: true));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whom_the_broker_has_not_come_to_write_to_is_given_the_time_once_more_and_not_again(bool isStuckThen)
    {
        var grace = new Grace();
        Assert.False(grace.End(isStuck: false));
        Assert.True(grace.End(isStuckThen));
    }
}
