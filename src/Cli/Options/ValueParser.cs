using System.CommandLine.Parsing;

namespace UdsBroker.Cli.Options;

/// <summary>
/// Parses the value of an option or an argument. For a wrong one the message says where it is, what it is and what is expected, in terms of
/// the command line; the parser's own message would name .NET types.
/// </summary>
internal static class ValueParser
{
    /// <summary>For one value.</summary>
    /// <param name="read">Gives the value of a text, or null for a wrong one.</param>
    /// <param name="expected">What is wanted, to follow "is not".</param>
    internal static Func<ArgumentResult, T> Of<T>(Func<string, T> read, string expected) => result => Read(result, result.Tokens[0].Value, read, expected);

    /// <summary>For an option that may be repeated.</summary>
    /// <param name="read">Gives the value of a text, or null for a wrong one.</param>
    /// <param name="expected">What is wanted, to follow "is not".</param>
    internal static Func<ArgumentResult, T[]> OfEach<T>(Func<string, T> read, string expected) => result => [.. result.Tokens.Select(token => Read(result, token.Value, read, expected))];

    private static T Read<T>(ArgumentResult result, string text, Func<string, T> read, string expected)
    {
        var value = read(text);
        if (value is null) result.AddError($"{(result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name)} '{text}' is not {expected}");
        return value;
    }
}
