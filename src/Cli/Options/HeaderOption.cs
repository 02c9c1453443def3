using System.CommandLine;
using System.CommandLine.Parsing;

namespace UdsBroker.Cli.Options;

/// <summary>The headers of a message on the command line: <c>--header name=value</c>, as often as there are headers.</summary>
internal static class HeaderOption
{
    internal static readonly Option<string[]> Option = Create();

    /// <summary>The headers; null when there are none.</summary>
    internal static Dictionary<string, string>? Read(ParseResult parsed) => parsed.GetValue(Option) is { Length: > 0 } pairs
        ? pairs.ToDictionary(NameOf, pair => pair[(NameOf(pair).Length + 1)..])
        : null;

    private static Option<string[]> Create()
    {
        var option = new Option<string[]>("--header", "-H")
        {
            Description = "A header, as name=value; may be repeated.",
            HelpName = "name=value",
        };
        option.Validators.Add(Validate);
        return option;
    }

    private static void Validate(OptionResult result)
    {
        var headers = result.Tokens.Select(token => token.Value).ToList();
        if (headers.FirstOrDefault(header => header.IndexOf('=', StringComparison.Ordinal) < 1) is { } wrong)
            result.AddError($"--header '{wrong}' is not of the form name=value");
        else if (headers.GroupBy(NameOf).FirstOrDefault(group => group.Count() > 1) is { } twice)
            result.AddError($"--header {twice.Key} is given {twice.Count()} times; a name has one value");
    }

    private static string NameOf(string header) => header[..header.IndexOf('=', StringComparison.Ordinal)];
}
