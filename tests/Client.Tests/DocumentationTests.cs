using System.Xml.Linq;

namespace UdsBroker.Client.Tests;

/// <summary>Every overload of a method names the exceptions that its callers have to expect.</summary>
public class DocumentationTests
{
    private static readonly XDocument Documentation = XDocument.Load(Path.ChangeExtension(typeof(UdsBrokerClient).Assembly.Location, ".xml"));

    [Theory]
    [InlineData(nameof(UdsBrokerClient.ConnectAsync), typeof(ConnectFailedException), typeof(ConnectionLostException), typeof(ObjectDisposedException))]
    [InlineData(nameof(UdsBrokerClient.PublishAsync), typeof(FormatException), typeof(PublishBufferFullException), typeof(UdsBrokerException))]
    [InlineData(nameof(UdsBrokerClient.SendAsync), typeof(FormatException), typeof(PublishBufferFullException), typeof(UdsBrokerException))]
    [InlineData(nameof(UdsBrokerClient.ClearRetainedAsync), typeof(FormatException), typeof(PublishBufferFullException), typeof(UdsBrokerException))]
    [InlineData(nameof(UdsBrokerClient.FlushAsync), typeof(NotSupportedException), typeof(ConnectFailedException), typeof(ConnectionLostException))]
    [InlineData(nameof(UdsBrokerClient.PingAsync), typeof(NotSupportedException), typeof(ConnectFailedException), typeof(ConnectionLostException))]
    [InlineData(nameof(UdsBrokerClient.RequestAsync), typeof(NotSupportedException), typeof(FormatException), typeof(PublishBufferFullException), typeof(ConnectFailedException), typeof(UdsBrokerException))]
    [InlineData(nameof(UdsBrokerClient.RequestManyAsync), typeof(NotSupportedException), typeof(FormatException), typeof(PublishBufferFullException), typeof(ConnectFailedException), typeof(UdsBrokerException))]
    [InlineData(nameof(UdsBrokerClient.SubscribeAsync), typeof(NotSupportedException), typeof(FormatException), typeof(SubscriptionRefusedException), typeof(UdsBrokerException))]
    [InlineData(nameof(UdsBrokerClient.ServeAsync), typeof(NotSupportedException), typeof(FormatException), typeof(SubscriptionRefusedException), typeof(UdsBrokerException))]
    [InlineData(nameof(UdsBrokerClient.GetRetainedAsync), typeof(NotSupportedException), typeof(FormatException), typeof(SubscriptionRefusedException), typeof(ConnectionLostException))]
    [InlineData(nameof(UdsBrokerClient.WaitForSubscribersAsync), typeof(NotSupportedException), typeof(FormatException), typeof(NoSubscribersException), typeof(UdsBrokerException))]
    [InlineData(nameof(UdsBrokerClient.OpenInboxAsync), typeof(NotSupportedException), typeof(InvalidOperationException), typeof(UdsBrokerException))]
    public void A_method_of_the_client_names_the_exceptions_that_its_callers_have_to_expect(string method, params Type[] expected)
    {
        XElement[] overloads = [.. Documentation.Descendants("member").Where(member => member.Attribute("name")!.Value.StartsWith($"M:{typeof(UdsBrokerClient)}.{method}(", StringComparison.Ordinal))];
        Assert.Equal(typeof(UdsBrokerClient).GetMethods().Count(candidate => candidate.Name == method), overloads.Length);
        Assert.All(overloads, overload =>
            Assert.Empty(expected.Select(type => $"T:{type}").Except(overload.Elements("exception").Select(exception => exception.Attribute("cref")!.Value))));
    }
}
