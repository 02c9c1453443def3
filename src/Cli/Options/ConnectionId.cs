using System.CommandLine;

namespace UdsBroker.Cli.Options;

/// <summary>The argument that names a connection by the identity that the broker has given it.</summary>
internal static class ConnectionId
{
    internal static Argument<Guid?> Argument(string description) => new("id")
    {
        Description = description,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = ValueParser.Of<Guid?>(
            text => Guid.TryParse(text, out var id) ? id : null,
            "the identity of a connection, such as 0190163d-8694-739b-aea5-966c26f8ad91; udsb clients lists them"),
    };
}
